#include <span>

#include "editprep/transport/base64.hpp"
#include "editprep/transport/job_store.hpp"
#include "provider_fixture.hpp"

/// What becomes of the results of a paid answer.
namespace editprep::testing {
namespace {

using transport::JobState;

std::string base64_of(const std::string& content) {
    return transport::encode_base64(std::as_bytes(std::span(content)));
}

class Results : public ProviderTest {
protected:
    [[nodiscard]] ProcessResult generate(Arguments added) const {
        Arguments arguments{"--prompt", "p", "--model", "m"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        return call("generate_image", arguments);
    }

    [[nodiscard]] Json answer_with_picture() const {
        return {{"data", {{{"b64_json", base64_of(content_of(file("S1.png")))}}}}};
    }

    [[nodiscard]] transport::Job job(std::int64_t id) const {
        const std::string folder = options.environment.at("EDITPREP_STATE_DIR");
        return transport::JobStore::open(folder + "/jobs.db").find(id).value();
    }

    [[nodiscard]] std::size_t files_in(const std::string& folder) const {
        std::error_code error;
        std::filesystem::directory_iterator entries(file(folder), error);
        return error ? 0 : static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
    }
};

TEST_F(Results, AnAnswerThatCouldNotBePrintedStaysWholeInTheJobStore) {
    reply_with(answer_with_picture());
    options.output = Output::full_device;
    EXPECT_EQ(generate({"--no-download"}).exit_code, 1);
    EXPECT_EQ(call("edit_image", {"--image", "S1.png", "--prompt", "p", "--no-download"}).exit_code,
              1);
    options.output = Output::captured;
    expect_success(call("fal_client", {"collect", "--out-dir", "saved"}));
    EXPECT_EQ(files_in("saved"), 2U);
}

TEST_F(Results, APrintedAnswerIsHandedOver) {
    reply_with(answer_with_picture());
    expect_success(generate({"--no-download"}));
    expect_success(call("object_select_edit",
                        {"--image", "S1.png", "--prompt", "p", "--no-download", "--print-json"}));
    EXPECT_EQ(call("fal_client", {"collect", "--out-dir", "saved"}).out, "");
    EXPECT_EQ(files_in("saved"), 0U);
}

TEST_F(Results, AllAreSavedThoughOneWasAskedFor) {
    serve_png("/a.png", "S1.png");
    serve_png("/b.png", "S2.png");
    reply_with({{"data", {{{"url", url() + "/a.png"}}, {{"url", url() + "/b.png"}}}}});
    const ProcessResult result = generate({"--print-json"});
    expect_success(result);
    const Json json = Json::parse(result.out);
    ASSERT_EQ(json.at("downloads").size(), 2U);
    EXPECT_EQ(json.at("downloaded"), json.at("downloads").at(0));
    EXPECT_EQ(content_of(file(json.at("downloads").at(1).get<std::string>())),
              content_of(file("S2.png")));
}

TEST_F(Results, OneThatIsMissingKeepsTheJobOpen) {
    serve_png("/a.png", "S1.png");
    reply_with({{"data", {{{"url", url() + "/a.png"}}, {{"url", url() + "/b.png"}}}}});
    EXPECT_EQ(generate({}).exit_code, 1);
    serve_png("/b.png", "S2.png");
    expect_success(call("fal_client", {"collect", "--out-dir", "saved"}));
    EXPECT_EQ(files_in("saved"), 2U);
}

TEST_F(Results, ARelativeOneIsCollectedFromItsProviderWithTheKey) {
    reply_with({{"data", {{{"path", "/v1/files/abc.png"}}}}});
    EXPECT_EQ(generate({}).exit_code, 1);
    serve_png("/v1/files/abc.png", "S1.png");
    const std::string config = content_of(options.environment.at("OPENCLAW_CONFIG"));
    configure({{"other", {{"baseUrl", url()}, {"apiKey", "k"}}}});
    const ProcessResult gone = call("fal_client", {"collect", "1", "--out-dir", "saved"});
    EXPECT_EQ(gone.exit_code, 1);
    EXPECT_NE(gone.err.find("'alpha'"), std::string::npos) << gone.err;
    EXPECT_NE(gone.err.find("the job is kept"), std::string::npos) << gone.err;

    write_text(file("old.json"), config);
    expect_success(
        call("fal_client", {"collect", "1", "--config", "old.json", "--out-dir", "saved"}));
    EXPECT_EQ(files_in("saved"), 1U);
    EXPECT_EQ(requests().back().header("Authorization"), "Bearer k-alpha");
}

TEST_F(Results, AnAnswerThatWasCutShortIsKeptAndSaysHow) {
    reply_with(Reply{.body = R"({"data":[{"b64_json":"iVBORw0KGgo)"});
    const ProcessResult result = generate({});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.out.find("kept as job 1: fal_client collect 1 looks"), std::string::npos)
        << result.out;
    EXPECT_EQ(call("fal_client", {"collect", "1"}).exit_code, 1);
}

TEST_F(Results, WhatIsNoPictureIsKeptWithAWarning) {
    reply_with({{"data", {{{"b64_json", base64_of("not a picture at all")}}}}});
    const ProcessResult result = generate({});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_NE(result.err.find("not a picture"), std::string::npos) << result.err;
    EXPECT_NE(result.out.find(".png"), std::string::npos) << result.out;
}

TEST_F(Results, FilesThatAreNoPicturesAreNotSent) {
    write_text(file("notes.txt"), "some notes");
    reply_with(answer_with_picture());
    const Arguments arguments{"--image", "S1.png", "--image", "notes.txt", "--prompt", "p"};
    const ProcessResult refused = call("edit_image", arguments);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("notes.txt"), std::string::npos) << refused.err;
    EXPECT_NE(refused.err.find("--skip-validation"), std::string::npos) << refused.err;
    EXPECT_TRUE(requests().empty());

    Arguments unchecked = arguments;
    unchecked.emplace_back("--skip-validation");
    expect_success(call("edit_image", unchecked));
}

TEST_F(Results, OpenAiItselfGetsItsThreeFormatsOnly) {
    write_text(file("S1.gif"), "GIF89a" + std::string("\1\0\1\0\0\0\0", 7) +
                                   std::string(",\0\0\0\0\1\0\1\0\0\2\2D\1\0;", 16));
    configure({{"alpha", {{"baseUrl", "https://api.openai.com/v1"}, {"apiKey", "k-alpha"}}}});
    const ProcessResult result =
        call("edit_image", {"--image", "S1.gif", "--prompt", "p", "--model", "m", "--dry-run"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.err.find("takes PNG, JPEG and WebP"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace editprep::testing
