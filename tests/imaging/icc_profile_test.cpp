#include "icc_profile.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <string_view>
#include <vector>

#include "vips_maker.hpp"

namespace editprep::imaging {
namespace {

using Bytes = std::vector<std::byte>;

void put(Bytes& out, std::uint32_t value, int size) {
    for (int i = size - 1; i >= 0; --i) {
        out.push_back(static_cast<std::byte>(value >> (8 * i)));
    }
}

void put(Bytes& out, std::string_view text) {
    for (const char c : text) {
        out.push_back(static_cast<std::byte>(c));
    }
}

std::uint32_t fixed(double value) {
    return static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(value * 65536.0)));
}

Bytes formula(std::uint32_t type, std::initializer_list<double> parameters) {
    Bytes tag;
    put(tag, "para");
    put(tag, 0, 4);
    put(tag, type, 2);
    put(tag, 0, 2);
    for (const double parameter : parameters) {
        put(tag, fixed(parameter), 4);
    }
    return tag;
}

Bytes samples(std::uint32_t count, const std::function<double(double)>& curve) {
    Bytes tag;
    put(tag, "curv");
    put(tag, 0, 4);
    put(tag, count, 4);
    for (std::uint32_t i = 0; i < count; ++i) {
        const double x = static_cast<double>(i) / std::max(count - 1, 1U);
        put(tag, static_cast<std::uint32_t>(std::lround(65535 * curve(x))), 2);
    }
    return tag;
}

Bytes colorant(double x, double y, double z) {
    Bytes tag;
    put(tag, "XYZ ");
    put(tag, 0, 4);
    for (const double value : {x, y, z}) {
        put(tag, fixed(value), 4);
    }
    return tag;
}

double srgb_curve(double x) {
    return x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
}

Bytes srgb_formula() { return formula(3, {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045}); }

struct Tag {
    std::string_view name;
    Bytes content;
};

Bytes profile(const std::vector<Tag>& tags, std::string_view space = "RGB ") {
    Bytes out(16);
    put(out, space);
    put(out, "XYZ ");
    out.resize(36);
    put(out, "acsp");
    out.resize(128);
    put(out, static_cast<std::uint32_t>(tags.size()), 4);
    std::size_t offset = out.size() + 12 * tags.size();
    Bytes contents;
    for (const Tag& tag : tags) {
        put(out, tag.name);
        put(out, static_cast<std::uint32_t>(offset), 4);
        put(out, static_cast<std::uint32_t>(tag.content.size()), 4);
        offset += tag.content.size();
        contents.insert(contents.end(), tag.content.begin(), tag.content.end());
    }
    out.insert(out.end(), contents.begin(), contents.end());
    return out;
}

std::vector<Tag> srgb_tags(const Bytes& curve) {
    return {{"rXYZ", colorant(0.4361, 0.2225, 0.0139)},
            {"gXYZ", colorant(0.3851, 0.7169, 0.0971)},
            {"bXYZ", colorant(0.1431, 0.0606, 0.7141)},
            {"rTRC", curve},
            {"gTRC", curve},
            {"bTRC", curve}};
}

TEST(IsSrgb, TakesTheCurveInEveryForm) {
    EXPECT_TRUE(is_srgb(profile(srgb_tags(srgb_formula()))));
    for (const std::uint32_t count : {26U, 256U, 1024U, 4096U}) {
        EXPECT_TRUE(is_srgb(profile(srgb_tags(samples(count, srgb_curve))))) << count;
    }
}

TEST(IsSrgb, KnowsRealProfiles) {
    EXPECT_TRUE(is_srgb(testing::vips_profile("srgb")));
    EXPECT_FALSE(is_srgb(testing::vips_profile("p3")));
    EXPECT_FALSE(is_srgb(testing::vips_profile("cmyk")));
}

TEST(IsSrgb, RefusesOtherCurves) {
    EXPECT_FALSE(is_srgb(profile(srgb_tags(formula(0, {2.2})))));
    EXPECT_FALSE(is_srgb(profile(srgb_tags(formula(0, {1.0})))));
    EXPECT_FALSE(is_srgb(profile(srgb_tags(samples(0, srgb_curve)))));
    const auto apple = [](double x) { return std::pow(x, 1.8); };
    EXPECT_FALSE(is_srgb(profile(srgb_tags(samples(1024, apple)))));
    EXPECT_FALSE(is_srgb(profile(srgb_tags(formula(9, {2.4})))));
}

TEST(IsSrgb, RefusesOtherColorants) {
    auto tags = srgb_tags(srgb_formula());
    // Display P3's green.
    tags[1].content = colorant(0.2920, 0.6922, 0.0419);
    EXPECT_FALSE(is_srgb(profile(tags)));
}

TEST(IsSrgb, RefusesTablesGreyAndMissingTags) {
    auto tags = srgb_tags(srgb_formula());
    EXPECT_FALSE(is_srgb(profile(tags, "GRAY")));
    tags.push_back({"A2B0", Bytes(32)});
    EXPECT_FALSE(is_srgb(profile(tags)));
    for (std::size_t missing = 0; missing < 6; ++missing) {
        tags = srgb_tags(srgb_formula());
        tags.erase(tags.begin() + static_cast<std::ptrdiff_t>(missing));
        EXPECT_FALSE(is_srgb(profile(tags))) << missing;
    }
}

TEST(IsSrgb, RefusesEveryTruncation) {
    const Bytes whole = profile(srgb_tags(samples(64, srgb_curve)));
    ASSERT_TRUE(is_srgb(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(is_srgb(std::span(whole).first(size))) << size;
    }
}

TEST(IsSrgb, SurvivesNoise) {
    const Bytes whole = profile(srgb_tags(samples(32, srgb_curve)));
    std::mt19937 random(11);
    int refused = 0;
    for (int round = 0; round < 5'000; ++round) {
        Bytes bytes = whole;
        for (int change = 0; change < 4; ++change) {
            bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        }
        refused += is_srgb(bytes) ? 0 : 1;
    }
    EXPECT_GT(refused, 1'000);
}

}  // namespace
}  // namespace editprep::imaging
