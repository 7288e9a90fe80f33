#include "tools/workflow/focus.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

/// What of the registry decides about --focus.
namespace editprep::tools {
namespace {

using Json = nlohmann::ordered_json;

transport::Model model_with(const std::string& members) {
    transport::ModelRegistry registry;
    registry.add_text("{source: 's', date: '2026-11-01', models: [{id: 'a/b', category: 'edit', " +
                          members + "}]}",
                      "own.json");
    return registry.models().at(0);
}

TEST(FocusWishes, UnknownModelsGetTheDefault) {
    const imaging::FocusWishes wishes = focus_wishes(nullptr, "image_url");
    EXPECT_EQ(wishes.pixels, 1024 * 1024);
    EXPECT_EQ(wishes.multiple_of, 16);
    EXPECT_TRUE(wishes.sizes.empty());
}

TEST(FocusWishes, ThePreferenceHoldsWithinTheLimitsOfThePicture) {
    const transport::Model model = model_with(
        "fields: {p: {file: 'image', min_px: 300, max_px: 2000, max_pixels: 900000}}, "
        "preferred_size: {pixels: 1000000, min_px: 64, max_px: 4000, multiple_of: 8}");
    const imaging::FocusWishes wishes = focus_wishes(&model, "p");
    EXPECT_EQ(wishes.min_side, 300);
    EXPECT_EQ(wishes.max_side, 2000);
    EXPECT_EQ(wishes.max_pixels, 900'000);
    EXPECT_EQ(wishes.pixels, 900'000);
    EXPECT_EQ(wishes.multiple_of, 8);
}

TEST(FocusWishes, LargeModelsGetMoreThanTheDefault) {
    const transport::Model model =
        model_with("preferred_size: {min_pixels: 3000000, multiple_of: 32}");
    const imaging::FocusWishes wishes = focus_wishes(&model, "p");
    EXPECT_EQ(wishes.pixels, 3'000'000);
    EXPECT_GE(wishes.max_pixels, 3'000'000);
}

TEST(AskForSize, InTheFormOfTheField) {
    const auto asked = [](const std::string& members, Json input = Json::object()) {
        ask_for_size(input, model_with(members), {1024, 768});
        return input;
    };
    EXPECT_EQ(asked("fields: {s: {choices: ['1024x768']}}, preferred_size: {field: 's'}"),
              Json({{"s", "1024x768"}}));
    EXPECT_EQ(asked("fields: {s: {type: 'object'}}, preferred_size: {field: 's'}"),
              Json({{"s", {{"width", 1024}, {"height", 768}}}}));
    EXPECT_EQ(asked("fields: {s: {}}, preferred_size: {field: 's'}", {{"s", "auto"}}),
              Json({{"s", "auto"}}));
    EXPECT_EQ(asked("fields: {s: {}}"), Json::object());
    EXPECT_EQ(asked("fields: {s: {}}, preferred_size: {pixels: 9}"), Json::object());
}

}  // namespace
}  // namespace editprep::tools
