#pragma once

/// What holds for every header of editprep::imaging. This file has no code.
///
/// **Pixels.** 8 bits a channel, sRGB, rows from top to bottom, columns from left to right,
/// channels interleaved in the order grey, RGB or RGBA. Alpha is straight (colours are not
/// premultiplied), 0 is transparent and 255 opaque. Files are turned upright (EXIF orientation)
/// when they are read, so "left" and "top" always mean what a person sees.
///
/// **Masks.** One 8-bit channel. 255 = selected = edit here, 0 = keep; values between are partial.
/// No function uses the other polarity; how a provider wants its mask is applied when the mask
/// leaves the program (mask_encoding.hpp).
///
/// **Geometry.** Whole pixels, origin at the top left. A Rect is half-open: it covers columns
/// left <= x < right and rows top <= y < bottom. Radii, margins and sigmas are in pixels.
///
/// **Edges.** Neighbourhood operations repeat the edge pixel beyond the border unless they say
/// otherwise.
///
/// **Values.** Functions take inputs by const reference and return new objects; nothing is shared
/// between an input and a result, and no function keeps a reference to its arguments.
///
/// **Errors.** Failure throws Error (error.hpp) and leaves no output behind. Arguments outside
/// their documented range are Errc::invalid_argument. Memory exhaustion is std::bad_alloc.
///
/// **Threads.** There is no shared mutable state: any function may run in several threads at once
/// on different objects, and on one object as long as nobody changes it. The library never prints,
/// exits, or reads the environment, with one exception: the first picture that needs libvips starts
/// it, which sets VIPSHOME for a moment and installs a GLib log handler. A program that changes its
/// environment in other threads should read one such picture before it starts them.
namespace editprep::imaging {}
