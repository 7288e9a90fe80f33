#include "editprep/transport/secret.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <ostream>
#include <string>

namespace editprep::transport {
namespace {

template <typename Type>
concept Printable = requires(std::ostream& stream, const Type& value) {
    stream << value;
};

static_assert(!Printable<Secret>);
static_assert(!std::convertible_to<Secret, std::string>);
static_assert(!std::convertible_to<std::string, Secret>);

TEST(Secret, LeavesOnlyByName) {
    EXPECT_TRUE(Secret().empty());
    const Secret secret("key-id:key-secret");
    EXPECT_FALSE(secret.empty());
    EXPECT_EQ(secret.reveal(), "key-id:key-secret");
}

TEST(Secret, ShowsAtMostHalfOfItself) {
    EXPECT_EQ(Secret("0123456789abcdefghij").beginning(), "01234567");
    EXPECT_EQ(Secret("0123456789").beginning(), "01234");
    EXPECT_EQ(Secret("abc").beginning(), "a");
    EXPECT_EQ(Secret("a").beginning(), "");
    EXPECT_EQ(Secret().beginning(), "");
}

}  // namespace
}  // namespace editprep::transport
