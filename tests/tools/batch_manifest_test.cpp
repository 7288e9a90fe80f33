#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "temp_folder.hpp"
#include "tools/generate_batch_media/manifest.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

using Json = nlohmann::ordered_json;

BatchItem prepared(const std::string& entry) {
    return prepare_item(Json::parse(entry), 1, Json::object());
}

/// The command and its words as one line.
std::string line_of(const std::string& entry) {
    const BatchItem item = prepared(entry);
    EXPECT_EQ(item.error, "");
    std::string line;
    for (const std::string& word : item.cmd()) {
        line += (line.empty() ? "" : " ") + word;
    }
    return line;
}

std::string reason_against(const std::string& manifest) {
    try {
        static_cast<void>(parse_manifest(manifest, "m.jsonl"));
    } catch (const Failure& failure) {
        return failure.what();
    }
    return "read";
}

TEST(ParseManifest, ReadsArraysAndLines) {
    EXPECT_EQ(parse_manifest(R"([{"prompt":"a"},{"prompt":"b"}])", "m").size(), 2U);
    EXPECT_EQ(parse_manifest("{\"prompt\":\"a\"}\n\n  \n{\"prompt\":\"b\"}", "m").size(), 2U);
    EXPECT_EQ(parse_manifest("\n [\n1,\n2]\n", "m").size(), 2U);
}

TEST(ParseManifest, ToleratesMarksAndForeignLineEnds) {
    for (const char* empty : {"", "  \r\n\n", "\xEF\xBB\xBF", "\xEF\xBB\xBF \n", "[]"}) {
        EXPECT_TRUE(parse_manifest(empty, "m").empty()) << empty;
    }
    const auto entries = parse_manifest("\xEF\xBB\xBF{\"a\":1}\r\n\r\n{\"a\":2}\r\n", "m");
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[1].at("a"), 2);
    EXPECT_EQ(parse_manifest("\xEF\xBB\xBF[{}]\r\n", "m").size(), 1U);
}

TEST(ParseManifest, KeepsWhatIsNoObjectForItsItem) {
    const auto entries = parse_manifest("7\n{\"prompt\":\"p\"}\n[1]\n", "m");
    ASSERT_EQ(entries.size(), 3U);
    const BatchItem item = prepare_item(entries[0], 1, Json::object());
    EXPECT_EQ(item.error, "manifest item must be a JSON object, not number");
    EXPECT_EQ(item.item, 7);
    EXPECT_TRUE(item.cmd().empty());
}

TEST(ParseManifest, OfEqualKeysTheLastCounts) {
    EXPECT_EQ(parse_manifest(R"({"prompt":"a","n":1,"prompt":"b"})", "m").at(0).dump(),
              R"({"prompt":"b","n":1})");
}

TEST(ParseManifest, NamesTheLineThatIsWrong) {
    EXPECT_TRUE(reason_against("{}\n\nnope\n").starts_with("invalid JSONL at line 3: "));
    EXPECT_TRUE(reason_against("{\"a\":\"\xff\"}").starts_with("invalid JSONL at line 1: "));
    EXPECT_TRUE(reason_against("[{},").starts_with("invalid JSON in manifest m.jsonl: "));
    EXPECT_EQ(reason_against("{\n\"prompt\": \"p\"\n}"), "JSON manifest must be an array");
}

TEST(ParseManifest, RefusesDeepNesting) {
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    EXPECT_NE(reason_against(deep).find("nested too deeply"), std::string::npos);
    EXPECT_NE(reason_against("{\"a\":" + deep + '}').find("nested too deeply"), std::string::npos);
}

TEST(ParseManifest, TakesManyLines) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) {
        text += "{\"prompt\":\"p" + std::to_string(i) + "\"}\n";
    }
    EXPECT_EQ(parse_manifest(text, "m").size(), 100'000U);
}

TEST(ReadManifest, NamesTheFileThatCannotBeRead) {
    const testing::TempFolder folder;
    const std::string path = folder.path().string();
    const auto reason = [](const std::string& given) -> std::string {
        try {
            static_cast<void>(read_manifest(given));
        } catch (const Failure& failure) {
            return failure.what();
        }
        return "read";
    };
    EXPECT_EQ(reason(path + "/none.json"), "file not found: " + path + "/none.json");
    EXPECT_EQ(reason(path), "cannot read " + path + ": Is a directory");
    std::ofstream(folder.path() / "größe 大.json") << "[{}]";
    EXPECT_EQ(read_manifest(path + "/größe 大.json").size(), 1U);
}

TEST(ReadManifest, RefusesFilesThatAreTooLarge) {
    const testing::TempFolder folder;
    const std::string path = folder.path() / "large.json";
    std::ofstream(path) << "";
    std::filesystem::resize_file(path, (std::uintmax_t{256} << 20) + 1);
    EXPECT_THROW(static_cast<void>(read_manifest(path)), Failure);
}

TEST(ReadVariables, TheFileGoesLast) {
    const testing::TempFolder folder;
    const std::string path = folder.path() / "vars.json";
    std::ofstream(path) << R"({"b":3,"c":4})";
    EXPECT_EQ(read_variables(R"({"a":1,"b":2})", path).dump(), R"({"a":1,"b":3,"c":4})");
    EXPECT_EQ(read_variables("", std::nullopt), Json::object());
    EXPECT_THROW(static_cast<void>(read_variables("[1]", std::nullopt)), Failure);
    EXPECT_THROW(static_cast<void>(read_variables("{", std::nullopt)), Failure);
}

TEST(PrepareItem, GivesVariablesInTheirOrder) {
    const BatchItem item = prepare_item(
        Json::parse(R"({"vars":{"subject":"cup"},"prompt":"a {subject} {index:02d} {mode}"})"), 7,
        Json{{"subject", "mug"}, {"style", "s"}});
    EXPECT_EQ(item.item.dump(), R"({"prompt":"a cup 07 image","vars":{"subject":"cup","style":"s",)"
                                R"("index":7,"mode":"image"}})");
}

TEST(PrepareItem, LeavesDefinedVariablesAlone) {
    const BatchItem item = prepared(R"({"vars":{"index":"x","mode":3},"prompt":"{index}{mode}"})");
    EXPECT_EQ(item.item.at("prompt"), "x3");
    EXPECT_EQ(prepared(R"({"vars":[1],"prompt":"p"})").error,
              "manifest item field 'vars' must be an object when present");
}

TEST(PrepareItem, RoutesToEveryCommand) {
    const std::pair<const char*, const char*> kRoutes[] = {
        {R"({"prompt":"p"})", "generate_image"},
        {R"({"prompt":"p","mode":"image"})", "generate_image"},
        {R"({"prompt":"p","mode":null})", "generate_image"},
        {R"({"prompt":"p","mode":"video"})", "generate_video"},
        {R"({"prompt":"p","reference_image":"a.png"})", "reference_media"},
        {R"({"prompt":"p","mode":"video","reference_images":["a.png"]})", "reference_media"},
        {R"({"prompt":"p","consistent":true})", "reference_media"},
        {R"({"prompt":"p","mode":"reference"})", "reference_media"},
        {R"({"prompt":"p","reference_images":[],"consistent":false})", "generate_image"},
        {R"({"prompt":"p","mode":"edit"})", "edit_image"},
        {R"({"prompt":"p","mode":"inpaint"})", "mask_inpaint"},
        {R"({"prompt":"p","mode":"mask"})", "mask_inpaint"},
        {R"({"prompt":"p","mode":"outpaint"})", "outpaint_image"},
        {R"({"prompt":"p","mode":"object-edit"})", "object_select_edit"},
        {R"({"prompt":"p","mode":"object-select"})", "object_select_edit"},
        {R"({"mode":"object-mask","image":"a.png"})", "prepare_object_mask"},
    };
    for (const auto& [entry, command] : kRoutes) {
        const BatchItem item = prepared(entry);
        EXPECT_EQ(item.command, command) << entry;
        EXPECT_EQ(item.error, "") << entry;
    }
}

TEST(PrepareItem, SaysWhatCannotBeRun) {
    EXPECT_EQ(prepared(R"({"mode":"hologram","prompt":"x"})").error,
              "unsupported mode in manifest item: hologram");
    EXPECT_EQ(prepared(R"({"mode":5,"prompt":"x"})").error, "unsupported mode in manifest item: 5");
    for (const char* entry : {R"({})", R"({"prompt":""})", R"({"prompt":null})"}) {
        EXPECT_EQ(prepared(entry).error, "manifest item missing required field: prompt");
    }
    EXPECT_EQ(prepared(R"({"prompt":"p","model":["a","b"]})").error,
              "manifest item field 'model' takes one value, not a list");
    EXPECT_EQ(prepared(R"({"prompt":"p","quiet":"perhaps"})").error,
              "manifest item field 'quiet' must be true or false");
    EXPECT_EQ(prepared(R"({"prompt":"a\u0000b"})").error,
              "manifest item field 'prompt' holds a NUL character");
}

TEST(PrepareItem, SpellsOutWordsInTheOldOrder) {
    EXPECT_EQ(line_of(R"({"print_json":true,"download":false,"seed":7,"size":"1x1","n":2,)"
                      R"("model":"m","prompt":"p q","nsfw":true,"extra_json":{"k":[1]}})"),
              "generate_image --prompt p q --model m --size 1x1 --n 2 --seed 7 --extra-json "
              "{\"k\": [1]} --nsfw true --no-download --print-json");
    EXPECT_EQ(line_of(R"({"mode":"video","prompt":"p","reference_image":["a.png","b.png"],)"
                      R"("reference_images":[],"transport":"none","preset":"fun"})"),
              "reference_media --prompt p --mode video --reference-image a.png --reference-image "
              "b.png --transport none --preset fun");
    EXPECT_EQ(line_of(R"({"prompt":"p","download":true,"seed":null})"),
              "generate_image --prompt p");
}

TEST(PrepareItem, GivesFurtherKeysAsOptions) {
    EXPECT_EQ(line_of(R"({"mode":"inpaint","prompt":"p","image":"a.png","region":["rect:0:0:1:1",)"
                      R"("rect:5:5:1:1"],"feather":-1,"invert":true,"focus":false})"),
              "mask_inpaint --prompt p --image a.png --region rect:0:0:1:1 --region rect:5:5:1:1 "
              "--feather -1 --invert");
    EXPECT_EQ(
        line_of(R"({"mode":"video","prompt":"p","generate_audio":false,"keep_audio":"true"})"),
        "generate_video --prompt p --no-generate-audio --keep-audio");
    EXPECT_EQ(line_of(R"({"mode":"edit","prompt":"p","image":["a.png","b.png"],)"
                      R"("reference_images":["c.png"]})"),
              "edit_image --prompt p --image a.png --image b.png --image c.png");
}

TEST(PrepareItem, ItsOwnModeHasAnotherName) {
    EXPECT_EQ(line_of(R"({"mode":"outpaint","prompt":"p","canvas_mode":"blur"})"),
              "outpaint_image --prompt p --mode blur");
    EXPECT_EQ(line_of(R"({"mode":"object-mask","image":"a.png","selection_mode":"auto"})"),
              "prepare_object_mask --image a.png --mode auto");
    EXPECT_EQ(line_of(R"({"mode":"video","prompt":"p","image":"a.png","image_mode":"animate"})"),
              "generate_video --prompt p --image a.png --mode animate");
}

TEST(PrepareItem, NeedsNoPromptWhereNoneIsFollowed) {
    EXPECT_EQ(line_of(R"({"mode":"object-select","image":"a.png","prepare_only":true})"),
              "object_select_edit --prompt  --image a.png --prepare-only");
    EXPECT_EQ(line_of(R"({"mode":"edit","image":"a.png","mask":"m.png","provider":"local"})"),
              "edit_image --prompt  --provider local --image a.png --mask m.png");
}

TEST(PrepareItem, KeepsValuesThatLookLikeOptionsApart) {
    EXPECT_EQ(line_of(R"({"prompt":"--size"})"), "generate_image --prompt=--size");
    EXPECT_EQ(line_of(R"({"prompt":"--model=x y"})"), "generate_image --prompt=--model=x y");
    EXPECT_EQ(line_of(R"({"prompt":"--help"})"), "generate_image --prompt=--help");
    EXPECT_EQ(line_of(R"({"prompt":"-x"})"), "generate_image --prompt -x");
}

TEST(PrepareItem, WarnsOfWhatNothingIsCalled) {
    EXPECT_EQ(prepared(R"({"prompt":"p","qualty":"high"})").warnings,
              std::vector<std::string>{
                  "'qualty' is left out: nothing is called so; did you mean 'quality'?"});
    EXPECT_EQ(prepared(R"({"prompt":"p","customer":"Anna"})").warnings,
              std::vector<std::string>{"'customer' is left out: nothing is called so"});
    const BatchItem fps = prepared(R"({"prompt":"p","fps":24})");
    ASSERT_EQ(fps.warnings.size(), 1U);
    EXPECT_TRUE(fps.warnings[0].starts_with(
        "'fps' is left out: generate_image takes no such option, unlike generate_video"))
        << fps.warnings[0];
    for (const char* key : {"dry_run", "resume", "help", "version", "mode_"}) {
        const BatchItem item =
            prepare_item(Json{{"mode", "video"}, {"prompt", "p"}, {key, "x"}}, 1, Json::object());
        EXPECT_EQ(item.warnings.size(), 1U) << key;
        EXPECT_EQ(item.words.size(), 2U) << key;
    }
}

TEST(PrepareItem, GivesNoItemAKeyOfItsOwn) {
    const BatchItem item =
        prepared(R"({"prompt":"p","idempotency_key":"mine","resend_unknown":true})");
    EXPECT_EQ(item.words, (Words{"--prompt", "p"}));
    EXPECT_EQ(item.warnings,
              (std::vector<std::string>{
                  "'idempotency_key' is left out: the batch gives each item a key of its own",
                  "'resend_unknown' is left out: --resend-unknown is for the whole batch"}));
}

TEST(PrepareItem, DropsWhatTheCommandCannotTake) {
    const BatchItem item = prepared(R"({"mode":"object-mask","image":"a.png","download":false})");
    EXPECT_EQ(item.error, "");
    EXPECT_EQ(item.words, (Words{"--image", "a.png"}));
    EXPECT_EQ(item.warnings.size(), 1U);
    EXPECT_EQ(prepared(R"({"prompt":"p","reference_image":"a.png","download":false})").warnings,
              std::vector<std::string>{});
}

}  // namespace
}  // namespace editprep::tools::generate_batch_media
