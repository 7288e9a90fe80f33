#include "exif.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

namespace editprep::imaging {
namespace {

enum class Order { little, big };

class BlockWriter {
public:
    explicit BlockWriter(Order order) : order_(order) {}

    BlockWriter& number(std::uint32_t value, int size) {
        for (int i = 0; i < size; ++i) {
            const int place = order_ == Order::little ? i : size - 1 - i;
            bytes_.push_back(static_cast<std::byte>(value >> (8 * place)));
        }
        return *this;
    }
    BlockWriter& text(std::string_view text) {
        for (const char c : text) {
            bytes_.push_back(static_cast<std::byte>(c));
        }
        return *this;
    }
    [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }

private:
    Order order_;
    std::vector<std::byte> bytes_;
};

/// A block whose only directory has two entries, the second of which is the orientation.
std::vector<std::byte> block(Order order, std::uint32_t value, std::uint32_t type = 3) {
    BlockWriter writer(order);
    writer.text(order == Order::little ? "II" : "MM").number(42, 2).number(8, 4).number(2, 2);
    writer.number(0x010F, 2).number(2, 2).number(4, 4).text("Cam").number(0, 1);
    writer.number(0x0112, 2).number(type, 2).number(1, 4);
    if (type == 3) {
        writer.number(value, 2).number(0, 2);
    } else {
        writer.number(value, 4);
    }
    return writer.number(0, 4).bytes();
}

TEST(ExifOrientation, ReadsBothByteOrdersAndNumberSizes) {
    for (const Order order : {Order::little, Order::big}) {
        for (std::uint32_t value = 1; value <= 8; ++value) {
            EXPECT_EQ(exif_orientation(block(order, value)), static_cast<int>(value));
            EXPECT_EQ(exif_orientation(block(order, value, 4)), static_cast<int>(value));
        }
    }
}

TEST(ExifOrientation, SkipsTheMarkerOfJpegFiles) {
    auto bytes = BlockWriter(Order::big).text({"Exif\0\0", 6}).bytes();
    const auto rest = block(Order::little, 6);
    bytes.insert(bytes.end(), rest.begin(), rest.end());
    EXPECT_EQ(exif_orientation(bytes), 6);
}

TEST(ExifOrientation, IsUprightWhenTheValueIsOutOfRange) {
    EXPECT_EQ(exif_orientation(block(Order::little, 0)), 1);
    EXPECT_EQ(exif_orientation(block(Order::little, 9)), 1);
    EXPECT_EQ(exif_orientation(block(Order::big, 0x600)), 1);
    EXPECT_EQ(exif_orientation(block(Order::big, 6, 7)), 1);
}

TEST(ExifOrientation, IsUprightWhenTheBlockIsCutShort) {
    const auto whole = block(Order::big, 6);
    // The last four bytes are the offset of the next directory, the two before pad the value.
    for (std::size_t size = 0; size + 6 < whole.size(); ++size) {
        const std::vector<std::byte> cut(whole.begin(),
                                         whole.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(exif_orientation(cut), 1) << size;
    }
    EXPECT_EQ(exif_orientation(whole), 6);
}

TEST(ExifOrientation, SurvivesHostileOffsets) {
    for (const std::uint32_t offset : {0U, 4U, 0x7FFFFFFFU, 0xFFFFFFFEU, 0xFFFFFFFFU}) {
        const auto bytes =
            BlockWriter(Order::little).text("II").number(42, 2).number(offset, 4).bytes();
        EXPECT_EQ(exif_orientation(bytes), 1);
    }
}

TEST(ExifOrientation, StaysInRangeOnNoise) {
    std::mt19937 random(7);
    for (int round = 0; round < 20'000; ++round) {
        auto bytes = block(round % 2 == 0 ? Order::little : Order::big, 3);
        for (int change = 0; change < 3; ++change) {
            bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        }
        const int orientation = exif_orientation(bytes);
        EXPECT_GE(orientation, 1);
        EXPECT_LE(orientation, 8);
    }
}

}  // namespace
}  // namespace editprep::imaging
