#include "editprep/imaging/preview.hpp"

#include <gtest/gtest.h>

#include "editprep/imaging/error.hpp"
#include "image_maker.hpp"

namespace editprep::imaging {
namespace {

using testing::make_mask;

/// Pixels of roughly that colour.
int count_near(const Image& image, Color color) {
    int count = 0;
    const auto bytes = image.bytes();
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const bool near = std::abs(bytes[i] - color.red) < 12 &&
                          std::abs(bytes[i + 1] - color.green) < 12 &&
                          std::abs(bytes[i + 2] - color.blue) < 12;
        count += near ? 1 : 0;
    }
    return count;
}

TEST(RenderPreview, ShowsSourceMaskAndResultSideBySide) {
    const Image source = solid_image({100, 80}, Channels::rgb, {40, 90, 200});
    const Image result = solid_image({100, 80}, Channels::rgb, {20, 220, 20});
    const Mask mask = make_mask({100, 80}, [](int x, int) { return x < 50 ? 255 : 0; });
    const PreviewOptions options{{100, 80}};

    const Image two = render_preview(source, mask, nullptr, options);
    const Image three = render_preview(source, mask, &result, options);
    EXPECT_EQ(three.channels(), Channels::rgb);
    EXPECT_EQ(three.height(), two.height());
    EXPECT_GT(three.width(), two.width());
    EXPECT_EQ(count_near(two, {20, 220, 20}), 0);
    EXPECT_EQ(count_near(three, {20, 220, 20}), 100 * 80);
    // The source whole, and the unselected half of the mask panel.
    EXPECT_NEAR(count_near(two, {40, 90, 200}), 100 * 80 + 50 * 80, 100);
}

TEST(RenderPreview, TheFocusIsFramedAndShownAsItWentOutAndCameBack) {
    const Image source = solid_image({100, 80}, Channels::rgb, {40, 90, 200});
    const Image sent = solid_image({64, 64}, Channels::rgb, {200, 60, 20});
    const Image returned = solid_image({64, 64}, Channels::rgb, {20, 220, 20});
    const Mask mask(Size{100, 80}, 0);
    PreviewOptions options{{100, 80}};
    const Image plain = render_preview(source, mask, &source, options);
    options.focus = {{20, 20, 60, 60}, &sent, nullptr};
    const Image before = render_preview(source, mask, &source, options);
    EXPECT_EQ(count_near(before, {200, 60, 20}), 80 * 80);
    EXPECT_GT(count_near(before, {255, 200, 0}), 400);
    EXPECT_EQ(count_near(plain, {255, 200, 0}), 0);
    options.focus->returned = &returned;
    const Image after = render_preview(source, mask, &source, options);
    EXPECT_EQ(count_near(after, {20, 220, 20}), 80 * 80);
    EXPECT_GT(after.width(), before.width());
    // A frame at the picture's edge moves inside.
    options.focus->crop = {0, 0, 100, 80};
    EXPECT_GT(count_near(render_preview(source, mask, nullptr, options), {255, 200, 0}), 900);
}

TEST(RenderPreview, TransparencyShowsAsACheckerboard) {
    const Image clear = solid_image({60, 60}, Channels::rgba, {255, 0, 0, 0});
    const Image sheet = render_preview(clear, Mask(Size{60, 60}, 0), nullptr, {{60, 60}});
    EXPECT_EQ(count_near(sheet, {255, 0, 0}), 0);
    EXPECT_GT(count_near(sheet, {236, 236, 236}), 1000);
    EXPECT_GT(count_near(sheet, {200, 200, 200}), 1000);
}

TEST(RenderPreview, AnyShapeOfPictureWorks) {
    for (const Size size : {Size{1, 1}, Size{3000, 2}, Size{2, 3000}, Size{1500, 1400}}) {
        const Image source = solid_image(size, Channels::grey, {128, 128, 128});
        const Image sheet = render_preview(source, Mask(size, 255), &source);
        EXPECT_GT(sheet.width(), 40);
        EXPECT_LT(sheet.width(), 3 * 720 + 100);
        EXPECT_LT(sheet.height(), 720 + 100);
    }
}

TEST(RenderPreview, RefusesAMaskOfAnotherSize) {
    EXPECT_THROW(
        (void)render_preview(solid_image({4, 4}, Channels::rgb, {}), Mask(Size{4, 5}, 0), nullptr),
        Error);
}

}  // namespace
}  // namespace editprep::imaging
