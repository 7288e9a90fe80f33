#include "editprep/transport/base64.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>

#include "base64_kernels.hpp"
#include "editprep/transport/error.hpp"

namespace editprep::transport {
namespace {

std::vector<std::byte> bytes(std::string_view text) {
    const auto view = std::as_bytes(std::span(text));
    return {view.begin(), view.end()};
}

/// The definition, bit by bit: the slow twin of encode_base64.
std::string encode_slowly(std::span<const std::byte> content) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t bit = 0; bit < content.size() * 8; bit += 6) {
        std::size_t value = 0;
        for (std::size_t i = bit; i < bit + 6; ++i) {
            const bool set = i / 8 < content.size() &&
                             (std::to_integer<unsigned>(content[i / 8]) >> (7 - i % 8) & 1U) != 0;
            value = value * 2 + (set ? 1 : 0);
        }
        text.push_back(kAlphabet[value]);
    }
    text.resize((text.size() + 3) / 4 * 4, '=');
    return text;
}

/// The position that the error names, or -1 when the text decodes.
int refused_at(std::string_view text, Base64Reading reading = Base64Reading::strict) {
    try {
        static_cast<void>(decode_base64(text, reading));
        return -1;
    } catch (const Error& error) {
        EXPECT_EQ(error.errc(), Errc::invalid_base64);
        const std::string message = error.what();
        return std::stoi(message.substr(message.rfind(' ') + 1));
    }
}

std::vector<std::byte> random_bytes(std::size_t size, std::mt19937& random) {
    std::vector<std::byte> content(size);
    std::ranges::generate(content, [&] { return static_cast<std::byte>(random() & 0xFF); });
    return content;
}

struct Vector {
    std::string_view content;
    std::string_view text;
};

/// RFC 4648, section 10.
constexpr Vector kRfcVectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

TEST(Base64, HasTheVectorsOfTheRfc) {
    for (const Vector& vector : kRfcVectors) {
        EXPECT_EQ(encode_base64(bytes(vector.content)), vector.text);
        EXPECT_EQ(decode_base64(vector.text), bytes(vector.content));
    }
}

TEST(Base64, RoundTripsEveryLength) {
    std::mt19937 random(2045);
    for (std::size_t length = 0; length <= 200; ++length) {
        SCOPED_TRACE(length);
        const std::vector<std::byte> content = random_bytes(length, random);
        const std::string text = encode_base64(content);
        EXPECT_EQ(text, encode_slowly(content));
        EXPECT_EQ(text.size(), base64_size(length));
        EXPECT_EQ(decode_base64(text), content);
        EXPECT_EQ(decode_base64(text, Base64Reading::tolerant), content);
    }
}

TEST(Base64, StrictReadingNamesThePositionOfWhatDoesNotFit) {
    EXPECT_EQ(refused_at("Zm9v\n"), 4);
    EXPECT_EQ(refused_at("Z-8="), 1);
    EXPECT_EQ(refused_at("Zm9vYg"), 6);
    EXPECT_EQ(refused_at("Zm9vY"), 5);
    EXPECT_EQ(refused_at("Zm8"), 3);
    EXPECT_EQ(refused_at("Zg="), 3);
    EXPECT_EQ(refused_at("Zg==="), 4);
    EXPECT_EQ(refused_at("Zm8=="), 4);
    EXPECT_EQ(refused_at("="), 0);
    EXPECT_EQ(refused_at("Z==="), 1);
    EXPECT_EQ(refused_at("Zm9v===="), 4);
    EXPECT_EQ(refused_at("Zg==Zg=="), 4);
    EXPECT_EQ(refused_at("Zm9\xC3"), 3);
    EXPECT_EQ(refused_at(std::string_view("Zm9v\0Zm9", 8)), 4);
}

TEST(Base64, StrictReadingAcceptsOnlyOneTextForAContent) {
    EXPECT_EQ(decode_base64("Zg=="), bytes("f"));
    EXPECT_EQ(refused_at("Zh=="), 4);
    EXPECT_EQ(refused_at("Zm9="), 4);
}

TEST(Base64, TolerantReadingTakesWhatIsFoundInTheWild) {
    const auto read = [](std::string_view text) {
        return decode_base64(text, Base64Reading::tolerant);
    };
    EXPECT_EQ(read(" Zm9v\r\n\tYmFy \v\f"), bytes("foobar"));
    EXPECT_EQ(read("Z m 9 v Y g = ="), bytes("foob"));
    EXPECT_EQ(read("Zm9vYg"), bytes("foob"));
    EXPECT_EQ(read("Zm8"), bytes("fo"));
    EXPECT_EQ(read("Zh=="), bytes("f"));
    EXPECT_EQ(read("-_+/"), read("+/-_"));
    EXPECT_EQ(read("-_-_"), decode_base64("+/+/"));
}

TEST(Base64, TolerantReadingStillRefusesDamage) {
    EXPECT_EQ(refused_at("Z", Base64Reading::tolerant), 1);
    EXPECT_EQ(refused_at("Zm9vY", Base64Reading::tolerant), 5);
    EXPECT_EQ(refused_at("Zg=", Base64Reading::tolerant), 3);
    EXPECT_EQ(refused_at("Zg==Z", Base64Reading::tolerant), 4);
    EXPECT_EQ(refused_at("Zm9v!", Base64Reading::tolerant), 4);
}

TEST(Base64, SurvivesRandomText) {
    std::mt19937 random(77);
    constexpr std::string_view kCharacters = "AZaz09+/-_== \n%\xFF";
    for (int round = 0; round < 20'000; ++round) {
        std::string text(random() % 12, ' ');
        std::ranges::generate(text, [&] { return kCharacters[random() % kCharacters.size()]; });
        if (refused_at(text) == -1) {
            EXPECT_EQ(encode_base64(decode_base64(text)), text);
            EXPECT_EQ(decode_base64(text, Base64Reading::tolerant), decode_base64(text));
        }
    }
}

TEST(Base64, EncodesInPiecesAndWritesNoCharacterTooMany) {
    std::mt19937 random(5);
    for (const std::size_t size : {0U, 1U, 2U, 3U, 27U, 28U, 29U, 299U, 300U, 301U}) {
        SCOPED_TRACE(size);
        const std::vector<std::byte> content = random_bytes(size, random);
        std::string text(base64_size(size) + 1, '#');
        const std::size_t first = size / 2 / 3 * 3;
        encode_base64(std::span(content).first(first), text.data());
        encode_base64(std::span(content).subspan(first), text.data() + first / 3 * 4);
        EXPECT_EQ(text, encode_base64(content) + "#");
    }
}

TEST(Base64, NamesTheSamePositionHoweverLongTheText) {
    const std::string clean = encode_base64(std::vector<std::byte>(60'000, std::byte{0x5A}));
    for (std::size_t position = 0; position < clean.size(); position += 997) {
        std::string text = clean;
        text[position] = '\x80';
        EXPECT_EQ(refused_at(text), static_cast<int>(position));
        EXPECT_EQ(refused_at(text, Base64Reading::tolerant), static_cast<int>(position));
    }
}

TEST(Base64, ReadsLongTextsThatAreBrokenIntoLines) {
    std::mt19937 random(6);
    const std::vector<std::byte> content = random_bytes(100'000, random);
    const std::string text = encode_base64(content);
    for (const std::size_t line_length : {76U, 64U, 1001U}) {
        std::string lines;
        for (std::size_t begin = 0; begin < text.size(); begin += line_length) {
            lines += text.substr(begin, line_length) + "\r\n";
        }
        EXPECT_EQ(decode_base64(lines, Base64Reading::tolerant), content);
    }
}

/// Whatever the AVX2 kernel takes, at whatever address, the portable one turns into the same.
TEST(Base64Kernels, EncodeAlike) {
    std::mt19937 random(7);
    const std::vector<std::byte> content = random_bytes(400, random);
    for (std::size_t begin = 0; begin < 33; ++begin) {
        for (std::size_t size = 0; begin + size <= content.size(); size += 1 + begin) {
            const auto piece = std::span(content).subspan(begin, size);
            std::string fast(base64_size(size) + 40, '#');
            std::string slow = fast;
            const std::size_t taken = encode_groups_avx2(piece, fast.data() + begin % 5);
            EXPECT_EQ(encode_groups_portable(piece.first(taken), slow.data() + begin % 5), taken);
            EXPECT_EQ(fast, slow);
            EXPECT_EQ(encode_groups_portable(piece, slow.data()), size / 3 * 3);
        }
    }
}

/// Every byte value at every place of a step, in both readings.
TEST(Base64Kernels, DecodeAlike) {
    std::mt19937 random(8);
    const std::string clean = encode_base64(random_bytes(96, random));
    for (const Base64Reading reading : {Base64Reading::strict, Base64Reading::tolerant}) {
        for (std::size_t position = 0; position < 64; ++position) {
            for (int value = 0; value < 256; ++value) {
                std::string text = clean;
                text[position] = static_cast<char>(value);
                std::vector<std::byte> fast(clean.size() / 4 * 3);
                std::vector<std::byte> slow(clean.size() / 4 * 3);
                const std::size_t taken = decode_quartets_avx2(text, reading, fast.data());
                const std::size_t plain = decode_quartets_portable(text, reading, slow.data());
                ASSERT_LE(taken, plain) << "byte " << value << " at " << position;
                fast.resize(taken / 4 * 3);
                slow.resize(taken / 4 * 3);
                ASSERT_EQ(fast, slow) << "byte " << value << " at " << position;
            }
        }
    }
}

TEST(Base64Kernels, UseTheProcessor) {
    if (!__builtin_cpu_supports("avx2")) {
        GTEST_SKIP() << "this processor has no AVX2";
    }
    const std::vector<std::byte> content(300);
    std::string text(base64_size(content.size()), '#');
    EXPECT_GE(encode_groups_avx2(content, text.data()), content.size() - 28);
    text = encode_base64(content);
    std::vector<std::byte> decoded(content.size());
    EXPECT_GE(decode_quartets_avx2(text, Base64Reading::strict, decoded.data()), text.size() - 44);
}

}  // namespace
}  // namespace editprep::transport
