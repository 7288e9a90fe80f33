#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace editprep::imaging {

/// Inflates a zlib stream piece by piece, as its input comes and its output is wanted.
/// Source: RFC 1950 and RFC 1951.
class InflateStream {
public:
    enum class State {
        /// The output is full, or more input is needed, or both.
        going_on,
        /// Everything is out, and its Adler-32 is right.
        ended,
        damaged,
    };

    InflateStream();
    ~InflateStream();
    InflateStream(const InflateStream&) = delete;
    InflateStream& operator=(const InflateStream&) = delete;

    /// Takes what it reads off the front of `input`, and off the front of `output` what it fills.
    /// Only while the state is going_on.
    State run(std::span<const std::byte>& input, std::span<std::uint8_t>& output);

private:
    struct Inflater;
    std::unique_ptr<Inflater> inflater_;
};

}  // namespace editprep::imaging
