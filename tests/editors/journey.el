;;; journey.el --- A journey in a real Emacs with the documented configuration  -*- lexical-binding: t -*-

;; Attach with eglot, see diagnostics, complete, go to a definition, rename. What it has seen goes to
;; ST2C_OUT as JSON.

(require 'json)

(defvar journey-seen nil "What the journey has seen: names and values.")

(defun journey-saw (name value)
  "Remember VALUE under NAME."
  (push (cons name value) journey-seen))

(defun journey-wait (what condition)
  "Wait until CONDITION gives something, and give it; fail saying WHAT did not happen."
  (let ((end (+ (float-time) 20)) found)
    (while (not (setq found (funcall condition)))
      (when (> (float-time) end) (error "This did not happen: %s" what))
      (accept-process-output nil 0.05))
    found))

(defun journey-go (pattern)
  "Put point behind the first match of PATTERN."
  (goto-char (point-min))
  (re-search-forward pattern))

(defun journey-diagnostics ()
  "The line and text of every diagnostic."
  (flymake-start)
  (journey-wait "diagnostics" #'flymake-diagnostics)
  (journey-saw 'diagnostics
               (vconcat (mapcar (lambda (found)
                                  (vector (line-number-at-pos (flymake-diagnostic-beg found))
                                          (flymake-diagnostic-text found)))
                                (flymake-diagnostics)))))

(defun journey-completion ()
  "Take a name away, ask what could stand there, and accept it again."
  (journey-go "ctx()\\.")
  (delete-region (point) (+ (point) (length "cups")))
  (let* ((capf (run-hook-with-args-until-success 'completion-at-point-functions))
         (found (all-completions "" (nth 2 capf)))
         (exit (plist-get (nthcdr 3 capf) :exit-function))
         (taken (seq-find (lambda (one) (string-equal (string-trim one) "cups")) found)))
    (journey-saw 'completion (vconcat (mapcar #'substring-no-properties found)))
    (insert taken)
    (funcall exit taken 'finished)
    (journey-saw 'completed (buffer-substring-no-properties (line-beginning-position)
                                                            (line-end-position)))))

(defun journey-definition ()
  "Go from a `do' to the task."
  (journey-go "do: s")
  (backward-char)
  (save-window-excursion
    (save-excursion
      (xref-find-definitions (symbol-name (symbol-at-point)))
      (journey-saw 'definition (line-number-at-pos)))))

(let ((file (getenv "ST2C_FILE")))
  (condition-case problem
      (progn
        (find-file file)
        (journey-saw 'mode (symbol-name major-mode))
        (call-interactively #'eglot)
        (journey-wait "a server" #'eglot-current-server)
        (journey-saw 'root (project-root (eglot--project (eglot-current-server))))
        (journey-diagnostics)
        (journey-completion)
        (journey-definition)
        (eglot-rename "lay_the_table")
        (save-buffer))
    (error (journey-saw 'error (error-message-string problem)))))

(with-temp-file (getenv "ST2C_OUT")
  (insert (json-encode journey-seen)))
(ignore-errors (eglot-shutdown-all))
(kill-emacs 0)
;;; journey.el ends here
