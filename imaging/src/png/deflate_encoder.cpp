#include "deflate_encoder.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "bit_writer.hpp"
#include "huffman_code.hpp"

// Deflate: RFC 1951. Section numbers below are its.
namespace editprep::imaging {
namespace {

/// So many tokens share a code.
constexpr std::size_t kBlockTokens = 16'384;
constexpr int kCodeLimit = 15;
constexpr std::uint32_t kBlockHeaderBits = 3;

/// Section 3.2.3.
enum BlockType : std::uint32_t { kStored, kFixed, kDynamic };

template <std::size_t size>
struct Code {
    std::array<std::uint8_t, size> lengths{};
    std::array<std::uint16_t, size> bits{};

    void assign() { assign_codes(lengths, bits); }
    void fit(const std::array<std::uint32_t, size>& frequencies, int limit) {
        find_code_lengths(frequencies, limit, lengths);
        assign();
    }
    void put(BitWriter& out, std::size_t symbol) const { out.put(bits[symbol], lengths[symbol]); }
};

struct BlockCode {
    Code<kLiteralSymbols> literals;
    Code<kDistanceSymbols> distances;
};

/// How often every symbol occurs in a block.
struct Frequencies {
    std::array<std::uint32_t, kLiteralSymbols> literals{};
    std::array<std::uint32_t, kDistanceSymbols> distances{};
};

Frequencies count_symbols(std::span<const DeflateToken> tokens) {
    Frequencies result;
    for (const DeflateToken token : tokens) {
        if (token.length == 0) {
            ++result.literals[token.distance];
        } else {
            ++result.literals[kFirstLengthSymbol + kLengthSymbolOf[token.length]];
            ++result.distances[distance_symbol(token.distance)];
        }
    }
    result.literals[kEndOfBlock] = 1;
    return result;
}

/// Decoders differ in what they make of a code with fewer than two distances; nobody minds two.
void ask_for_two(std::array<std::uint32_t, kDistanceSymbols>& frequencies) {
    for (std::size_t i = 0; i < 2; ++i) {
        const auto used = std::ranges::count_if(frequencies, [](auto n) { return n > 0; });
        if (used < 2 && frequencies[i] == 0) {
            frequencies[i] = 1;
        }
    }
}

BlockCode fitted_code(Frequencies frequencies) {
    ask_for_two(frequencies.distances);
    BlockCode code;
    code.literals.fit(frequencies.literals, kCodeLimit);
    code.distances.fit(frequencies.distances, kCodeLimit);
    return code;
}

/// Section 3.2.6, without the two literal and two distance symbols that never occur.
const BlockCode& fixed_code() {
    static const BlockCode code = [] {
        std::array<std::uint8_t, 288> lengths;
        std::fill(lengths.begin(), lengths.begin() + 144, std::uint8_t{8});
        std::fill(lengths.begin() + 144, lengths.begin() + 256, std::uint8_t{9});
        std::fill(lengths.begin() + 256, lengths.begin() + 280, std::uint8_t{7});
        std::fill(lengths.begin() + 280, lengths.end(), std::uint8_t{8});
        std::array<std::uint16_t, 288> bits;
        assign_codes(lengths, bits);
        BlockCode result;
        std::copy_n(lengths.begin(), kLiteralSymbols, result.literals.lengths.begin());
        std::copy_n(bits.begin(), kLiteralSymbols, result.literals.bits.begin());
        result.distances.lengths.fill(5);
        result.distances.assign();
        return result;
    }();
    return code;
}

/// The bits of a block's tokens and its end, without the header.
std::size_t content_bits(const Frequencies& frequencies, const BlockCode& code) {
    std::size_t bits = 0;
    for (std::size_t i = 0; i < kLiteralSymbols; ++i) {
        const std::size_t extra =
            i < kFirstLengthSymbol ? 0 : kLengthExtraBits[i - kFirstLengthSymbol];
        bits += frequencies.literals[i] * (code.literals.lengths[i] + extra);
    }
    for (std::size_t i = 0; i < kDistanceSymbols; ++i) {
        bits += frequencies.distances[i] *
                std::size_t{code.distances.lengths[i] + distance_extra_bits(i)};
    }
    return bits;
}

/// Section 3.2.7: the two codes' lengths, run by run, in a code of their own.
class CodeHeader {
public:
    explicit CodeHeader(const BlockCode& code)
        : literals_(used(code.literals.lengths, kFirstLengthSymbol)),
          distances_(used(code.distances.lengths, 1)) {
        std::array<std::uint8_t, kLiteralSymbols + kDistanceSymbols> lengths;
        const auto middle = std::copy_n(code.literals.lengths.begin(), literals_, lengths.begin());
        const auto end = std::copy_n(code.distances.lengths.begin(), distances_, middle);
        find_runs({lengths.begin(), end});

        std::array<std::uint32_t, kSymbols> frequencies{};
        for (const Run& run : runs_) {
            ++frequencies[run.symbol];
        }
        code_.fit(frequencies, kLengthLimit);
        while (orders_ > 4 && code_.lengths[kOrder[orders_ - 1]] == 0) {
            --orders_;
        }
    }

    [[nodiscard]] std::size_t bits() const {
        std::size_t bits = 5 + 5 + 4 + 3 * orders_;
        for (const Run& run : runs_) {
            bits += std::size_t{code_.lengths[run.symbol]} + run.extra_bits;
        }
        return bits;
    }

    void put(BitWriter& out) const {
        out.put(static_cast<std::uint64_t>(literals_) - kFirstLengthSymbol, 5);
        out.put(static_cast<std::uint64_t>(distances_) - 1, 5);
        out.put(orders_ - 4, 4);
        for (std::size_t i = 0; i < orders_; ++i) {
            out.put(code_.lengths[kOrder[i]], 3);
        }
        for (const Run& run : runs_) {
            code_.put(out, run.symbol);
            out.put(run.extra, run.extra_bits);
        }
    }

private:
    struct Run {
        std::uint8_t symbol;
        std::uint8_t extra_bits;
        std::uint8_t extra;
    };

    static constexpr std::size_t kSymbols = 19;
    static constexpr int kLengthLimit = 7;
    static constexpr std::array<std::uint8_t, kSymbols> kOrder = {
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    /// How many lengths are left without the zeros at the end.
    template <std::size_t size>
    static std::ptrdiff_t used(const std::array<std::uint8_t, size>& lengths, std::size_t least) {
        std::size_t count = size;
        while (count > least && lengths[count - 1] == 0) {
            --count;
        }
        return static_cast<std::ptrdiff_t>(count);
    }

    void find_runs(std::span<const std::uint8_t> lengths) {
        while (!lengths.empty()) {
            const std::uint8_t length = lengths.front();
            const auto end = std::ranges::find_if(lengths, [&](auto l) { return l != length; });
            const auto count = static_cast<std::size_t>(end - lengths.begin());
            lengths = lengths.subspan(count);
            if (length == 0) {
                put_zeros(count);
            } else {
                runs_.push_back({length, 0, 0});
                put_repeats(length, count - 1);
            }
        }
    }

    void put_zeros(std::size_t count) {
        for (; count >= 11; count -= std::min<std::size_t>(count, 138)) {
            const auto part = std::min<std::size_t>(count, 138);
            runs_.push_back({18, 7, static_cast<std::uint8_t>(part - 11)});
        }
        if (count >= 3) {
            runs_.push_back({17, 3, static_cast<std::uint8_t>(count - 3)});
            return;
        }
        runs_.insert(runs_.end(), count, {0, 0, 0});
    }

    void put_repeats(std::uint8_t length, std::size_t count) {
        for (; count >= 3; count -= std::min<std::size_t>(count, 6)) {
            const auto part = std::min<std::size_t>(count, 6);
            runs_.push_back({16, 2, static_cast<std::uint8_t>(part - 3)});
        }
        runs_.insert(runs_.end(), count, {length, 0, 0});
    }

    std::ptrdiff_t literals_;
    std::ptrdiff_t distances_;
    std::size_t orders_ = kSymbols;
    std::vector<Run> runs_;
    Code<kSymbols> code_;
};

void put_token(BitWriter& out, const BlockCode& code, DeflateToken token) {
    if (token.length == 0) {
        code.literals.put(out, token.distance);
        return;
    }
    // At most 15 + 5 + 15 + 13 bits, put at once.
    std::uint64_t bits = 0;
    std::uint32_t count = 0;
    const auto add = [&](std::uint64_t value, std::uint32_t width) {
        bits |= value << count;
        count += width;
    };
    const std::size_t length = kLengthSymbolOf[token.length];
    add(code.literals.bits[kFirstLengthSymbol + length],
        code.literals.lengths[kFirstLengthSymbol + length]);
    add(token.length - std::uint64_t{kLengthBases[length]}, kLengthExtraBits[length]);
    const std::size_t distance = distance_symbol(token.distance);
    add(code.distances.bits[distance], code.distances.lengths[distance]);
    add(token.distance - std::uint64_t{distance_base(distance)}, distance_extra_bits(distance));
    out.put(bits, count);
}

void put_tokens(BitWriter& out, const BlockCode& code, std::span<const DeflateToken> tokens) {
    for (const DeflateToken token : tokens) {
        put_token(out, code, token);
    }
    code.literals.put(out, kEndOfBlock);
}

/// Section 3.2.4: no more than so many bytes a block.
constexpr std::size_t kStoredBytes = 65'535;

std::size_t stored_bits(std::size_t bytes) {
    const std::size_t blocks = bytes / kStoredBytes + 1;
    return 8 * (bytes + 4 * blocks) + (kBlockHeaderBits + 7) * blocks;
}

void put_block_header(BitWriter& out, BlockType type, bool last) {
    out.put((last ? 1U : 0U) | type << 1, kBlockHeaderBits);
}

/// One block, empty or not.
void put_stored_block(BitWriter& out, std::span<const std::uint8_t> bytes, bool last) {
    put_block_header(out, kStored, last);
    out.put(0, out.to_whole_byte());
    const auto size = static_cast<std::uint16_t>(bytes.size());
    out.put(size, 16);
    out.put(static_cast<std::uint16_t>(~size), 16);
    for (const std::uint8_t byte : bytes) {
        out.put(byte, 8);
    }
}

void put_stored(BitWriter& out, std::span<const std::uint8_t> bytes, bool last) {
    while (bytes.size() > kStoredBytes) {
        put_stored_block(out, bytes.first(kStoredBytes), false);
        bytes = bytes.subspan(kStoredBytes);
    }
    put_stored_block(out, bytes, last);
}

/// Writes a block in the way that takes the fewest bits. `bytes` are those of the tokens. Returns
/// the code that would fit best.
BlockCode put_block(BitWriter& out, std::span<const DeflateToken> tokens,
                    std::span<const std::uint8_t> bytes, bool last) {
    const Frequencies frequencies = count_symbols(tokens);
    const BlockCode fitted = fitted_code(frequencies);
    const CodeHeader header(fitted);
    const std::size_t dynamic_bits = header.bits() + content_bits(frequencies, fitted);
    const std::size_t fixed_bits = content_bits(frequencies, fixed_code());
    const std::size_t coded_bits = std::min(dynamic_bits, fixed_bits);

    if (stored_bits(bytes.size()) < coded_bits + kBlockHeaderBits) {
        out.reserve(stored_bits(bytes.size()));
        put_stored(out, bytes, last);
        return fitted;
    }
    out.reserve(coded_bits + kBlockHeaderBits);
    if (fixed_bits <= dynamic_bits) {
        put_block_header(out, kFixed, last);
        put_tokens(out, fixed_code(), tokens);
    } else {
        put_block_header(out, kDynamic, last);
        header.put(out);
        put_tokens(out, fitted, tokens);
    }
    return fitted;
}

void put_end_of_chunk(BitWriter& out) {
    if (out.to_whole_byte() > 0) {
        out.reserve(stored_bits(0));
        put_stored_block(out, {}, false);
    }
}

/// A symbol without a code did not occur in the block before; it may in the next.
std::uint8_t cost_of(std::uint8_t code_length) {
    constexpr std::uint8_t kRare = 13;
    return code_length > 0 ? code_length : kRare;
}

void set_costs(const BlockCode& code, TokenCosts& costs) {
    std::transform(code.literals.lengths.begin(), code.literals.lengths.begin() + 256,
                   costs.literals.begin(), cost_of);
    for (std::size_t length = kShortestMatch; length <= kLongestMatch; ++length) {
        const std::size_t symbol = kLengthSymbolOf[length];
        costs.lengths[length] = static_cast<std::uint8_t>(
            cost_of(code.literals.lengths[kFirstLengthSymbol + symbol]) + kLengthExtraBits[symbol]);
    }
    for (std::size_t symbol = 0; symbol < kDistanceSymbols; ++symbol) {
        const std::uint32_t extra = distance_extra_bits(symbol);
        std::fill_n(costs.distances.begin() + distance_base(symbol) - 1, std::size_t{1} << extra,
                    static_cast<std::uint8_t>(cost_of(code.distances.lengths[symbol]) + extra));
    }
}

/// What holds for grain in pictures, roughly.
BlockCode first_guess() {
    BlockCode code;
    code.literals.lengths.fill(6);
    std::fill(code.literals.lengths.begin() + kFirstLengthSymbol, code.literals.lengths.end(),
              std::uint8_t{5});
    code.distances.lengths.fill(5);
    return code;
}

/// With one table only the tokens become so many that it takes no less time.
int tables_for(PngEffort effort) { return effort == PngEffort::small ? 3 : 2; }

std::variant<PixelMatcher, MaskMatcher> matcher_for(const RowShape& shape, PngEffort effort) {
    if (shape.sparse) {
        return MaskMatcher();
    }
    return PixelMatcher(shape, tables_for(effort));
}

}  // namespace

DeflateEncoder::DeflateEncoder(const RowShape& shape, PngEffort effort)
    : matcher_(matcher_for(shape, effort)) {}

void DeflateEncoder::compress(std::span<const std::uint8_t> bytes, std::size_t history, bool last,
                              std::vector<std::byte>& out) {
    std::visit(
        [&](auto& matcher) {
            matcher.start(bytes, history);
            compress_with(matcher, bytes, last, out);
        },
        matcher_);
}

template <class Matcher>
void DeflateEncoder::compress_with(Matcher& matcher, std::span<const std::uint8_t> bytes, bool last,
                                   std::vector<std::byte>& out) {
    BitWriter bits(out);
    set_costs(first_guess(), costs_);
    while (matcher.position() < bytes.size()) {
        tokens_.clear();
        const std::size_t start = matcher.position();
        matcher.next(costs_, kBlockTokens, tokens_);
        const std::size_t end = matcher.position();
        const BlockCode code = put_block(bits, tokens_, bytes.subspan(start, end - start),
                                         last && end == bytes.size());
        set_costs(code, costs_);
    }
    if (!last) {
        put_end_of_chunk(bits);
    }
    bits.finish();
}

}  // namespace editprep::imaging
