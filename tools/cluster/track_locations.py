"""Locations of ray_track.py: files, and URLs of the stores that fsspec knows."""


class UsageError(Exception):
    """The command line cannot be executed; exit code 2."""


def is_url(text):
    return "://" in text


def without_credentials(location):
    """Returns a location as messages and results may show it: a URL without user, password and query."""
    if not is_url(location):
        return location
    scheme, rest = location.split("://", 1)
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.split('@')[-1]}{slash}{path.split('?')[0]}"


def file_system(url):
    """Returns the fsspec file system of a URL, and the path in it."""
    try:
        import fsspec
        return fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise UsageError(f"{without_credentials(url)}: needs Python's fsspec and the package of its protocol "
                         f"({error})") from None
