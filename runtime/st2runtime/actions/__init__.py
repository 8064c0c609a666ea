"""What an action is and what it is given: from a reference or a file to parameters that are ready.

library.find("core.local")          Runnable: its runner, its schemas, the file to run
arguments.read([...], runnable)     values from the command line, as `st2 run` reads them
parameters.live, parameters.final   templates rendered, values cast, defaults filled in
complaints.about(...)               what is wrong with them, all at once
"""
