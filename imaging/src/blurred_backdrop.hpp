#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "editprep/imaging/geometry.hpp"
#include "editprep/imaging/pixel_buffer.hpp"
#include "gaussian_rows.hpp"
#include "resize_rows.hpp"
#include "resize_window.hpp"
#include "source_rows.hpp"

namespace editprep::imaging {

/// What a blurred canvas shows around the picture: the picture itself, scaled to cover the canvas,
/// blurred, and the middle of that. Nothing is made before a part of it is asked for.
class BlurredBackdrop {
public:
    /// The picture must outlive this; one with an alpha channel is read to its end. Throws
    /// invalid_argument for a sigma that feather_reach refuses, limit_exceeded when the part of the
    /// scaled picture that the whole canvas needs would be too large.
    BlurredBackdrop(SourceRows& picture, Size canvas, double sigma_px);

    /// Those of the picture, but RGB for one whose alpha is 255 everywhere.
    [[nodiscard]] Channels channels() const noexcept;
    [[nodiscard]] bool has_transparency() const noexcept { return has_transparency_; }

    /// What a part of the canvas needs of the scaled picture: the same part, and around it as much
    /// as the blur reaches.
    [[nodiscard]] Window needed_for(const Rect& part) const;

private:
    friend class BackdropPart;

    SourceRows* picture_;
    bool has_transparency_;
    double sigma_px_;
    int reach_px_;
    /// The size of the scaled picture, and where the canvas lies on it.
    VirtualSize cover_;
    std::int64_t left_;
    std::int64_t top_;
};

/// A part of the backdrop, row by row from top to bottom. Memory grows with its width and with the
/// blur's reach, not with its height.
class BackdropPart {
public:
    /// @param part of the canvas, not empty
    BackdropPart(const BlurredBackdrop& backdrop, const Rect& part);
    BackdropPart(const BackdropPart&) = delete;
    BackdropPart& operator=(const BackdropPart&) = delete;

    /// The next row of the part, packed; valid until the next call. To be called part.height()
    /// times.
    [[nodiscard]] const std::uint8_t* next();

private:
    [[nodiscard]] const std::uint8_t* input_rows(int first, int count);
    void make_row();
    void take(const std::uint8_t* row);

    SourceRows* picture_;
    Channels channels_;
    std::size_t channel_count_;
    /// The filters work on premultiplied colours.
    bool premultiplied_;
    PixelBuffer input_;
    Window window_;
    std::vector<Taps> across_;
    std::vector<Taps> down_;
    ResizeRows scaled_;
    PixelBuffer scaled_row_;
    /// The part's columns, in bytes of a row of the window.
    std::size_t skipped_bytes_;
    std::size_t row_bytes_;
    /// Rows of the window above the part, and rows of the part, that are still to come.
    std::int64_t rows_to_skip_;
    std::int64_t rows_to_take_;
    PixelBuffer newest_;
    std::deque<PixelBuffer> ready_;
    PixelBuffer handed_out_;
    /// Null without a blur.
    std::unique_ptr<GaussianRows> blur_;
};

}  // namespace editprep::imaging
