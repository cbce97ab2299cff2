"""Immutable records: `typing.NamedTuple` in a tenth of the time.

Importing `typing` takes 2 ms, and `collections.namedtuple` compiles code for each class. Type
checkers see `typing.NamedTuple`, and a contract test checks that both behave the same.
"""

from __future__ import annotations

# Type checkers treat a variable of this name as true; importing the real one from `typing`
# would take longer than the rest of a clean run.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import NamedTuple as NamedTuple
    from typing import TypeVar

    _Record = TypeVar("_Record", bound=tuple[object, ...])
else:
    # As in `collections.namedtuple`, without importing that module.
    try:
        from _collections import _tuplegetter as _field
    except ImportError:  # not CPython

        def _field(index, doc):
            return property(lambda record: tuple.__getitem__(record, index), doc=doc)

    # Read the first, second, ... field of all types.
    _GETTERS = []
    # The methods of all records. Each class has them itself, as those of the standard library:
    # with one base less, it is created in three quarters of the time.
    _METHODS = {}

    class _NamedTupleType(type):
        def __new__(mcs, name, bases, namespace):
            fields = tuple(namespace.get("__annotations__", ()))
            if not _METHODS:
                names = namespace.keys() - {"__module__", "__qualname__", "__doc__"}
                _METHODS.update((name, namespace[name]) for name in names)
            # A subclass without fields has those of its base.
            elif fields:
                bases, namespace = (tuple,), {**_METHODS, **namespace}
                defaults = {field: namespace.pop(field) for field in fields if field in namespace}
                while len(_GETTERS) < len(fields):
                    _GETTERS.append(_field(len(_GETTERS), None))
                namespace.update(zip(fields, _GETTERS, strict=False))
                namespace.update(
                    __slots__=(), _fields=fields, _field_defaults=defaults, __match_args__=fields
                )
            return super().__new__(mcs, name, bases, namespace)

    class NamedTuple(tuple, metaclass=_NamedTupleType):
        """For type checkers, this is `typing.NamedTuple`."""

        def __new__(cls, *values, **named):
            missing = len(cls._fields) - len(values)
            if not named and 0 < missing <= len(cls._field_defaults):
                # Fields with a default are the last ones.
                values += tuple(cls._field_defaults.values())[-missing:]
            elif named or missing:
                rest = cls._fields[len(values) :]
                given = cls._field_defaults | named
                if missing < 0 or not named.keys() <= {*rest} <= given.keys():
                    raise TypeError(f"{cls.__name__}{cls._fields} cannot be {values} and {named}")
                values += tuple([given[field] for field in rest])
            return tuple.__new__(cls, values)

        @classmethod
        def _make(cls, values):
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        _unchecked = classmethod(tuple.__new__)

        def _replace(self, **changes):
            changed = tuple.__new__(type(self), map(changes.pop, self._fields, self))
            if changes:
                raise TypeError(f"{type(self).__name__} has no fields {sorted(changes)}")
            return changed

        # `copy.replace` of Python 3.13.
        __replace__ = _replace

        def __getnewargs__(self):
            return tuple(self)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            fields = ", ".join(f"{field}={value!r}" for field, value in self._asdict().items())
            return f"{type(self).__name__}({fields})"


def unchecked(record: type[_Record]) -> Callable[[Iterable[object]], _Record]:
    """A constructor that does not count the values: a third of the time of a call.

    For the few places that create thousands.
    """
    return record._unchecked  # type: ignore[attr-defined, no-any-return] # see NamedTuple above


def lazy(package: str) -> Callable[[str], object]:
    """A `__getattr__` (PEP 562) that loads a module of a package when it is first used."""

    def load(name: str) -> object:
        try:
            return __import__(f"{package}.{name}", fromlist=[name])
        except ModuleNotFoundError as error:
            if error.name != f"{package}.{name}":
                raise
            raise AttributeError(f"module '{package}' has no attribute '{name}'") from None

    return load
