#!/usr/bin/python3
"""An RTSP server for tests: a bright, static rectangle on black, at /camera, as H.264.

It prints "ready PORT" once it listens, and runs until it is killed. With --user and --password it wants them.
"""
import argparse
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402


def pipeline(options):
    """The rectangle fills the middle third of each side."""
    width, height = options.width, options.height
    encoder = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=%d ! rtph264pay" % max(1, int(options.fps))
    if options.audio_only:
        return "( audiotestsrc is-live=true ! audioconvert ! alawenc ! rtppcmapay name=pay0 pt=8 )"
    return (
        f"( videotestsrc is-live=true pattern=solid-color foreground-color=0xffffffff"
        f" ! video/x-raw,format=I420,width={width // 3 // 2 * 2},height={height // 3 // 2 * 2},framerate={options.fps}/1"
        f" ! videobox autocrop=true fill=black"
        f" ! video/x-raw,format=I420,width={width},height={height}"
        f" ! {encoder} name=pay0 pt=96 config-interval=1 )"
    )


def require_password(server, factory, user, password):
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("viewer", "media.factory.access", True)
    permissions.add_permission_for_role("viewer", "media.factory.construct", True)
    factory.set_permissions(permissions)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--width", type=int, default=320)
    parser.add_argument("--height", type=int, default=240)
    parser.add_argument("--fps", type=int, default=20)
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--audio-only", action="store_true")
    options = parser.parse_args()

    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(options.port))
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(pipeline(options))
    factory.set_shared(True)
    if options.user:
        require_password(server, factory, options.user, options.password)
    server.get_mount_points().add_factory("/camera", factory)
    if server.attach(None) == 0:
        sys.exit("rtsp_server: cannot listen on port %d" % options.port)
    print("ready", server.get_bound_port(), flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
