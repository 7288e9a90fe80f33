#include "png/inflate_stream.hpp"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <limits>

namespace editprep::imaging {
namespace {

std::uint32_t to_count(std::size_t size) {
    return static_cast<std::uint32_t>(
        std::min<std::size_t>(size, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

/// ISA-L keeps the window itself, so that the output may be overwritten between two calls.
struct InflateStream::Inflater {
    inflate_state state;
};

// The state is some 90 KB, which isal_inflate_init sets as far as it must.
InflateStream::InflateStream() : inflater_(std::make_unique_for_overwrite<Inflater>()) {
    isal_inflate_init(&inflater_->state);
    inflater_->state.crc_flag = ISAL_ZLIB;
}

InflateStream::~InflateStream() = default;

InflateStream::State InflateStream::run(std::span<const std::byte>& input,
                                        std::span<std::uint8_t>& output) {
    inflate_state& state = inflater_->state;
    const std::uint32_t available = to_count(input.size());
    const std::uint32_t wanted = to_count(output.size());
    // ISA-L reads through this pointer only; its type is older than const.
    state.next_in = reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(input.data()));
    state.avail_in = available;
    state.next_out = output.data();
    state.avail_out = wanted;
    const int result = isal_inflate(&state);
    input = input.subspan(available - state.avail_in);
    output = output.subspan(wanted - state.avail_out);
    if (result != ISAL_DECOMP_OK) {
        return State::damaged;
    }
    return state.block_state == ISAL_BLOCK_FINISH ? State::ended : State::going_on;
}

}  // namespace editprep::imaging
