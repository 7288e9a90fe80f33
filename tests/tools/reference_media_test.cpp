#include "tools/reference_media/reference_media.hpp"

#include <gmock/gmock.h>

#include "parse_support.hpp"
#include "tools/reference_media/shown_command.hpp"

namespace editprep::tools::reference_media {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Options parse_words(const Words& words) { return parse(words); }

TEST(ReferenceMediaParse, HasTheDefaultsOfTheContract) {
    const Options options = parse({"--prompt", " p "});
    EXPECT_EQ(options.mode, Mode::image);
    EXPECT_EQ(options.transport, Transport::automatic);
    EXPECT_EQ(options.reference_key, "reference_images");
    EXPECT_THAT(options.reference_images, IsEmpty());
    EXPECT_FALSE(options.print_json);
    EXPECT_EQ(options.image.prompt, "p");
    EXPECT_EQ(options.image.endpoint, "/images/generations");
    EXPECT_EQ(options.image.prefix, "generated");
    EXPECT_EQ(options.image.remote.timeout_seconds, 300);
    EXPECT_EQ(options.video.prompt, "p");
    EXPECT_EQ(options.video.endpoint, "");
    EXPECT_EQ(options.video.prefix, "generated-video");
    EXPECT_EQ(options.video.status_template, "/videos/{id}");
    EXPECT_EQ(options.video.remote.timeout_seconds, 600);
    EXPECT_THAT(options.warnings, IsEmpty());
}

TEST(ReferenceMediaParse, WhatBothModesKnowGoesToBoth) {
    const Options options = parse({"--prompt",
                                   "p",
                                   "--size",
                                   "1x2",
                                   "--seed",
                                   "4294967297",
                                   "--provider",
                                   "a",
                                   "--config",
                                   "c",
                                   "--model",
                                   "m",
                                   "--endpoint",
                                   "/e",
                                   "--out-dir",
                                   "o",
                                   "--prefix",
                                   "x",
                                   "--timeout",
                                   "7",
                                   "--no-download",
                                   "--print-json",
                                   "--quiet",
                                   "--max-cost",
                                   "1.5",
                                   "--extra-json",
                                   "{}",
                                   "--skip-validation",
                                   "--allow-private"});
    const auto check = [](const auto& inner) {
        EXPECT_EQ(inner.size, "1x2");
        EXPECT_EQ(inner.seed, 4294967297);
        EXPECT_EQ(inner.provider, "a");
        EXPECT_EQ(inner.config, "c");
        EXPECT_EQ(inner.model, "m");
        EXPECT_EQ(inner.endpoint, "/e");
        EXPECT_EQ(inner.out_dir, "o");
        EXPECT_EQ(inner.prefix, "x");
        EXPECT_EQ(inner.remote.timeout_seconds, 7);
        EXPECT_EQ(inner.remote.max_cost_usd, 1.5);
        EXPECT_EQ(inner.remote.extra_json, "{}");
        EXPECT_TRUE(inner.remote.skip_validation);
        EXPECT_TRUE(inner.remote.allow_private);
        EXPECT_TRUE(inner.no_download);
        EXPECT_TRUE(inner.print_json);
        EXPECT_TRUE(inner.quiet);
    };
    check(options.image);
    check(options.video);
}

TEST(ReferenceMediaParse, EachModeHasItsOwn) {
    const Options options = parse({"--prompt",
                                   "p",
                                   "--quality",
                                   "q",
                                   "--style",
                                   "s",
                                   "--background",
                                   "b",
                                   "--n",
                                   "2",
                                   "--nsfw",
                                   "false",
                                   "--duration",
                                   "5s",
                                   "--seconds",
                                   "6",
                                   "--fps",
                                   "24",
                                   "--preset",
                                   "spicy",
                                   "--status-endpoint-template",
                                   "/t",
                                   "--image",
                                   "i.png",
                                   "--poll-interval",
                                   "0.5",
                                   "--max-polls",
                                   "3"});
    EXPECT_EQ(options.image.quality, "q");
    EXPECT_EQ(options.image.style, "s");
    EXPECT_EQ(options.image.background, "b");
    EXPECT_EQ(options.image.count, 2);
    EXPECT_EQ(options.image.nsfw, false);
    EXPECT_EQ(options.video.duration, "5s");
    EXPECT_EQ(options.video.seconds, 6);
    EXPECT_EQ(options.video.fps, 24);
    EXPECT_EQ(options.video.preset, "spicy");
    EXPECT_EQ(options.video.status_template, "/t");
    EXPECT_EQ(options.video.image, "i.png");
    EXPECT_EQ(options.video.poll_interval, 0.5);
    EXPECT_EQ(options.video.max_polls, 3);
    EXPECT_THAT(options.warnings, ElementsAre(HasSubstr("--image has no effect")));
}

TEST(ReferenceMediaParse, TheLastOfARepeatedOptionCountsButReferencesAddUp) {
    const Options options =
        parse({"--prompt", "a", "--prompt=b", "--size", "1", "--size", "2", "--reference-image",
               "x.png", "--reference-image", "y.png", "--no-download", "--download"});
    EXPECT_EQ(options.image.prompt, "b");
    EXPECT_EQ(options.image.size, "2");
    EXPECT_FALSE(options.image.no_download);
    EXPECT_THAT(options.reference_images, ElementsAre("x.png", "y.png"));
}

TEST(ReferenceMediaParse, ValuesMayLookLikeOptions) {
    const Options options = parse({"--prompt=--size", "--seed", "-10", "--style=-x"});
    EXPECT_EQ(options.image.prompt, "--size");
    EXPECT_EQ(options.image.seed, -10);
    EXPECT_EQ(options.image.style, "-x");
}

TEST(ReferenceMediaParse, BadValuesAreRefusedInEitherMode) {
    EXPECT_EQ(refusal(parse_words, {}), "the following arguments are required: --prompt");
    for (const char* mode : {"image", "video"}) {
        for (const Words& bad : {Words{"--n", "x"}, Words{"--fps", "x"}, Words{"--seed", "1.5"},
                                 Words{"--poll-interval", "soon"}, Words{"--max-polls", "x"},
                                 Words{"--timeout", "99999999999"}, Words{"--nsfw", "maybe"},
                                 Words{"--preset", "odd"}, Words{"--transport", "mail"},
                                 Words{"--video-reference-mode", "x"}, Words{"--frob"}}) {
            Words words{"--prompt", "p", "--mode", mode};
            words.insert(words.end(), bad.begin(), bad.end());
            EXPECT_TRUE(refusal(parse_words, words)) << bad.front();
        }
    }
    EXPECT_TRUE(refusal(parse_words, {"--prompt", "p", "--mode", "hologram"}));
}

TEST(ReferenceMediaParse, UsageErrorsNameTheCommandThatWasCalled) {
    try {
        static_cast<void>(parse({"--prompt", "p", "--n", "x"}, "generate_consistent_media"));
        FAIL();
    } catch (const UsageError& error) {
        EXPECT_THAT(error.text(), HasSubstr("generate_consistent_media: error: argument --n: "
                                            "invalid int value: 'x'\n"));
    }
}

TEST(ReferenceMediaParse, OldAbbreviationsStayUnambiguous) {
    const Options options = parse({"--prom", "p", "--reference-i", "a.png", "--trans", "none",
                                   "--dur", "5", "--status", "/t"});
    EXPECT_EQ(options.reference_images.size(), 1U);
    EXPECT_EQ(options.transport, Transport::none);
    EXPECT_EQ(options.video.duration, "5");
}

TEST(ReferenceMediaParse, ItsOptionsCanBeListed) {
    std::vector<std::string> names;
    for (const KnownOption& option : known_options()) {
        names.push_back(option.name);
    }
    for (const char* name :
         {"--prompt", "--mode", "--reference-image", "--reference-key", "--transport", "--timeout",
          "--image", "--no-download", "--idempotency-key", "--dry-run", "--print-json"}) {
        EXPECT_THAT(names, Contains(name));
    }
}

TEST(ReferenceMediaCommand, ShowsReferencesWithoutTheirContent) {
    Options options =
        parse({"--prompt", "p", "--extra-json", R"({"k":"data:image/png;base64,AAAA"})",
               "--idempotency-key", "id", "--allow-private"});
    options.image.references = {"refs", {"a.png", "b.png"}};
    EXPECT_THAT(shown_command(options, options.image),
                ElementsAre("generate_image", "--prompt", "p", "--extra-json",
                            R"({"k": "data:...", "refs": ["data:...", "data:..."]})",
                            "--idempotency-key", "id", "--allow-private"));
    options.video.reference_images = {"a.png", "b.png"};
    options.video.remote.extra_json = "no JSON";
    EXPECT_THAT(shown_command(options, options.video),
                ElementsAre("generate_video", "--prompt", "p", "--reference-image", "a.png",
                            "--reference-image", "b.png", "--extra-json", "\"(no JSON)\"",
                            "--idempotency-key", "id", "--allow-private"));
}

}  // namespace
}  // namespace editprep::tools::reference_media
