"""Packs, actions and runners: what a workflow may call, and with which parameters."""

from st2lang.catalog.discover import Catalog
from st2lang.catalog.models import Action, Pack, Parameter, Runner

__all__ = ["Action", "Catalog", "Pack", "Parameter", "Runner"]
