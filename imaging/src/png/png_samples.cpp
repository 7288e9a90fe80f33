#include "png/png_samples.hpp"

#include <libdeflate.h>

#include <array>
#include <cstring>

#include "read_error.hpp"

namespace editprep::imaging {

PngSamples::PngSamples(const EncodedSource& source, std::size_t offset)
    : source_(source), blocks_(source, offset) {
    std::array<std::byte, kPngChunkHead> head{};
    if (blocks_.read(head)) {
        open_chunk(head);
    }
}

void PngSamples::throw_damage(std::string_view detail) const {
    throw_damaged("PNG", source_.subject(), detail);
}

void PngSamples::open_chunk(std::span<const std::byte, kPngChunkHead> head) {
    const auto type = head.last<4>();
    in_pixels_ = std::memcmp(type.data(), "IDAT", type.size()) == 0;
    chunk_left_ = big_endian_at(head, 0);
    crc_ = libdeflate_crc32(0, type.data(), type.size());
}

void PngSamples::take_into_account(std::span<const std::byte> data) {
    chunk_left_ -= data.size();
    crc_ = libdeflate_crc32(crc_, data.data(), data.size());
}

void PngSamples::check_crc(std::span<const std::byte, kPngChunkTail> tail) const {
    if (big_endian_at(tail, 0) != crc_) {
        throw_damage("a checksum of its pixels is wrong");
    }
}

void PngSamples::next_chunk() {
    std::array<std::byte, kPngChunkTail + kPngChunkHead> seam{};
    if (!blocks_.read(seam)) {
        in_pixels_ = false;
        return;
    }
    check_crc(std::span(seam).first<kPngChunkTail>());
    open_chunk(std::span(seam).last<kPngChunkHead>());
}

bool PngSamples::next_input() {
    while (in_pixels_ && chunk_left_ == 0) {
        next_chunk();
    }
    if (!in_pixels_) {
        return false;
    }
    input_ = blocks_.take(chunk_left_);
    if (input_.empty()) {
        throw_damage("it is cut short within its pixels");
    }
    take_into_account(input_);
    return true;
}

void PngSamples::inflate(std::span<std::uint8_t>& out) {
    if (state_ == InflateStream::State::going_on) {
        state_ = stream_.run(input_, out);
    }
    if (state_ == InflateStream::State::damaged) {
        throw_damage("its compressed pixels are damaged");
    }
}

void PngSamples::read(std::span<std::uint8_t> out) {
    while (!out.empty()) {
        const std::size_t wanted = out.size();
        // Without new input too: the stream may hold back what there was no room for.
        inflate(out);
        if (out.size() == wanted && (!input_.empty() || !next_input())) {
            throw_damage("it has fewer rows than its header claims");
        }
    }
}

void PngSamples::finish() {
    finish_stream();
    check_last_chunk();
}

void PngSamples::finish_stream() {
    while (state_ == InflateStream::State::going_on) {
        std::array<std::uint8_t, 1> extra{};
        std::span<std::uint8_t> room(extra);
        inflate(room);
        const bool stuck = state_ == InflateStream::State::going_on && !input_.empty();
        if (room.empty() || stuck || !next_input()) {
            return;
        }
    }
}

void PngSamples::check_last_chunk() {
    while (in_pixels_ && chunk_left_ > 0) {
        const auto rest = blocks_.take(chunk_left_);
        if (rest.empty()) {
            return;
        }
        take_into_account(rest);
    }
    std::array<std::byte, kPngChunkTail> tail{};
    if (in_pixels_ && blocks_.read(tail)) {
        check_crc(tail);
    }
}

}  // namespace editprep::imaging
