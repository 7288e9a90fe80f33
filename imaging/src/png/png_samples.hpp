#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "block_reader.hpp"
#include "encoded_source.hpp"
#include "png/inflate_stream.hpp"
#include "png/png_chunks.hpp"

namespace editprep::imaging {

/// The filtered samples of a PNG: the data of its IDAT chunks in a row, inflated.
/// Source: ISO/IEC 15948:2004 (PNG), section 10.
class PngSamples {
public:
    /// The chunks start at `offset`; the source must outlive this.
    PngSamples(const EncodedSource& source, std::size_t offset);

    /// Fills `out` with the samples that follow. Throws damaged_image when there are not so many,
    /// and when a CRC before them is wrong.
    void read(std::span<std::uint8_t> out);

    /// After the last sample: checks the sum of them all and the CRC of the chunk that they end in,
    /// as far as the file has them. More samples than the picture needs are no damage. Throws
    /// damaged_image.
    void finish();

private:
    [[noreturn]] void throw_damage(std::string_view detail) const;
    /// Takes what there is off `input_` and fills `out` from the front.
    void inflate(std::span<std::uint8_t>& out);
    void open_chunk(std::span<const std::byte, kPngChunkHead> head);
    /// Of the chunk's data.
    void take_into_account(std::span<const std::byte> data);
    void check_crc(std::span<const std::byte, kPngChunkTail> tail) const;
    /// Checks the CRC of the chunk that has been read, and opens the one after it.
    void next_chunk();
    /// False after the last chunk of pixels.
    bool next_input();
    void finish_stream();
    void check_last_chunk();

    const EncodedSource& source_;
    BlockReader blocks_;
    InflateStream stream_;
    InflateStream::State state_ = InflateStream::State::going_on;
    /// What the stream has not taken yet of the chunk's bytes read.
    std::span<const std::byte> input_;
    /// How many bytes of the chunk have not been read yet.
    std::size_t chunk_left_ = 0;
    std::uint32_t crc_ = 0;
    bool in_pixels_ = false;
};

}  // namespace editprep::imaging
