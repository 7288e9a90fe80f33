#pragma once

#include <cstdint>

/// What is done to every undecided pixel, a run of a row at a time. Pixels and colours are
/// differences from the backdrop in sRGB values, one plane a channel; `n0` to `n2` are 1 over the
/// noise of the channels. Masks change only where `undecided` is 1; nothing may overlap.
namespace editprep::imaging {

/// Pixels minus backdrop; the backdrop comes in and the difference goes out.
void subtract_from_pixels(const std::uint8_t* pixels, float* red, float* green, float* blue,
                          int count);

/// First estimate: along the line from the backdrop to the object's mean, and by the distance from
/// that line, for an object of several colours. `d` is the pixel, `c` the object.
void guess_row(const float* d0, const float* d1, const float* d2, const float* c0, const float* c1,
               const float* c2, const std::uint8_t* undecided, std::uint8_t* mask, int count,
               float n0, float n1, float n2);

/// How far pixels stand out from the backdrop, so steeply that the farthest of a neighbourhood make
/// nearly all of its sum: the sixth power of the distance in units of noise. `d` is the pixel.
void standout_row(const float* d0, const float* d1, const float* d2, const std::uint8_t* undecided,
                  float* weight, int count, float n0, float n1, float n2);

/// Weights of pixels that are wholly object, wholly backdrop, as far as they and the 25 pixels
/// around them say so. `columns` holds sums of five rows, from two columns before the first pixel
/// on.
void weigh_row(const int* columns, const std::uint8_t* mask, const std::uint8_t* undecided,
               float* object, float* backdrop, std::uint8_t* around, int count);

/// sums += bytes.
void add_bytes(const std::uint8_t* bytes, int* sums, int count);

/// Coverage along the line from the local backdrop `b` to the local object `o`; where they differ
/// by little against the noise, the mean `around` the pixel has its say.
void project_row(const float* d0, const float* d1, const float* d2, const float* o0,
                 const float* o1, const float* o2, const float* b0, const float* b1,
                 const float* b2, const std::uint8_t* around, const std::uint8_t* undecided,
                 std::uint8_t* mask, int count, float n0, float n1, float n2);

}  // namespace editprep::imaging
