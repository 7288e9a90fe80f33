#include "clip_maker.hpp"
#include "fault_fixture.hpp"

/// Video jobs against a server that misbehaves: they take long and cost much, so what was begun is
/// never lost and never begun twice.
namespace editprep::testing {
namespace {

const char* const kEditModel = "fal-ai/kling-video/o3/pro/video-to-video/edit";

class VideoFaultTest : public FaultTest {
protected:
    explicit VideoFaultTest(const std::string& job_seconds = "0.3") : FaultTest(job_seconds) {
        make_clip(
            "-f lavfi -i testsrc2=size=720x720:rate=2:duration=3.5 -c:v libx264 -preset ultrafast",
            file("clip.mp4"));
        clip_ = content_of(file("clip.mp4"));
    }

    [[nodiscard]] ProcessResult generate(const Arguments& request, const Arguments& more) const {
        Arguments arguments{"--prompt",  "p",  "--out-dir",       "videos",
                            "--timeout", "10", "--poll-interval", "0.1"};
        arguments.insert(arguments.end(), request.begin(), request.end());
        arguments.insert(arguments.end(), more.begin(), more.end());
        return call("generate_video", arguments);
    }
    /// A clip is edited, and comes back as it was sent.
    [[nodiscard]] ProcessResult edit_at_fal(const Arguments& more = {}) const {
        return generate({"--provider", "fal", "--model", kEditModel, "--video", "clip.mp4"}, more);
    }
    [[nodiscard]] ProcessResult make_at_openai(const Arguments& more = {}) const {
        return generate(
            {"--provider", "openai", "--model", "any", "--size", "64x48", "--seconds", "1"}, more);
    }
    [[nodiscard]] ProcessResult resume() const {
        return call("generate_video", {"--resume", "1", "--out-dir", "videos", "--timeout", "10",
                                       "--poll-interval", "0.1"});
    }

    [[nodiscard]] std::size_t submits() const {
        return requests("POST", "/queue/") + requests("POST", "/v1/");
    }

    void expect_saved_by(const ProcessResult& result) const {
        expect_success(result);
        EXPECT_EQ(files_in("videos").size(), 1U) << result.out;
    }
    void expect_nothing_saved() const { EXPECT_EQ(files_in("videos"), std::vector<std::string>{}); }
    /// Not finished and not lost: the command said how to go on, and so it goes.
    void expect_resumable(const ProcessResult& result) {
        expect_told(result);
        EXPECT_NE((result.out + result.err).find("--resume 1"), std::string::npos) << result.err;
        expect_nothing_saved();
        ASSERT_EQ(kept_jobs().size(), 1U);
        behave();
        expect_saved_by(resume());
        expect_whole_if_edited();
        EXPECT_EQ(submits(), 1U);
        EXPECT_EQ(kept_jobs().size(), 0U);
    }
    void expect_whole_if_edited() const {
        if (requests("POST", "/queue/") > 0) {
            EXPECT_TRUE(content_of(file(files_in("videos").front())) == clip_);
        }
    }

    std::string clip_;
};

/// Nobody knows whether the job was accepted.
class VideoSubmitWithoutAnswer : public VideoFaultTest {};

TEST_P(VideoSubmitWithoutAnswer, IsKeptAsUnknownAndNotSentAgainByFal) {
    misbehave((GetParam() + std::string("@POST /queue/*")).c_str());
    const ProcessResult result = edit_at_fal();
    expect_told(result);
    EXPECT_NE(result.err.find("not sent again"), std::string::npos) << result.err;
    EXPECT_EQ(submits(), 1U);
    expect_one_unknown_job();
    expect_nothing_saved();
}

TEST_P(VideoSubmitWithoutAnswer, IsKeptAsUnknownAndNotSentAgainByOpenAi) {
    misbehave((GetParam() + std::string("@POST /v1/*")).c_str());
    expect_told(make_at_openai());
    EXPECT_EQ(submits(), 1U);
    expect_one_unknown_job();
    expect_nothing_saved();
}

INSTANTIATE_TEST_SUITE_P(Submit, VideoSubmitWithoutAnswer,
                         ::testing::Values("drop-request", "drop-before-answer", "drop-mid-body",
                                           "long-length", "status-500"),
                         FaultName{});

/// What passes by itself.
class PassingVideoFault : public VideoFaultTest {};

TEST_P(PassingVideoFault, IsSurvivedAndTheJobSentOnce) {
    misbehave(GetParam());
    const bool openai = std::string(GetParam()).find("/v1/") != std::string::npos;
    expect_saved_by(openai ? make_at_openai() : edit_at_fal());
    EXPECT_EQ(journal().at("job_count"), 1);
    EXPECT_EQ(kept_jobs().size(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Once, PassingVideoFault,
    ::testing::Values("status-429=1@POST /queue/*:1", "status-503@POST /queue/*:1",
                      "status-429=1@GET /queue/*/status:1", "status-500@GET /queue/*/status:1",
                      "drop-before-answer@GET /queue/*/status:1", "status-429=1@POST /v1/*:1",
                      "status-429=1@GET /v1/videos/*:1", "status-502@GET /v1/videos/*:1"),
    FaultName{});

/// What lasts, after the job was accepted.
class LastingVideoFault : public VideoFaultTest {};

TEST_P(LastingVideoFault, LeavesTheJobToBeResumed) {
    misbehave(GetParam());
    const bool openai = std::string(GetParam()).find("/v1/") != std::string::npos;
    const Arguments limits{"--timeout", "1", "--max-polls", "1"};
    expect_resumable(openai ? make_at_openai(limits) : edit_at_fal(limits));
}

INSTANTIATE_TEST_SUITE_P(
    Jobs, LastingVideoFault,
    ::testing::Values("never-finishes@POST /queue/*", "stall-headers@GET /queue/*",
                      "never-finishes@POST /v1/*", "stall-headers@GET /v1/videos/*",
                      "drop-mid-body@GET /files/*", "long-length@GET /files/*", "expired-link",
                      "redirect-private@GET /files/*", "drop-mid-body@GET /v1/videos/*/content",
                      "short-length@GET /files/*", "long-length@GET /v1/videos/*/content",
                      "stall-body@GET /v1/videos/*/content"),
    FaultName{});

TEST_F(VideoFaultTest, AFailedJobSaysWhy) {
    misbehave("job-fails");
    const ProcessResult fal = edit_at_fal();
    expect_told(fal);
    EXPECT_NE((fal.out + fal.err).find("flagged"), std::string::npos) << fal.out << fal.err;
    const ProcessResult openai = make_at_openai();
    expect_told(openai);
    EXPECT_NE((openai.out + openai.err).find("moderation"), std::string::npos) << openai.err;
    EXPECT_EQ(submits(), 2U);
    expect_nothing_saved();
    EXPECT_EQ(kept_jobs().size(), 0U);
}

TEST_F(VideoFaultTest, WhatIsNoClipIsKeptAndToldOf) {
    misbehave("not-an-image");
    const ProcessResult result = edit_at_fal();
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(files_in("videos").size(), 1U);
    EXPECT_NE(result.err.find(" may not play: not a video"), std::string::npos) << result.err;
}

TEST_F(VideoFaultTest, TheKeyStaysWhenTheContentLiesElsewhere) {
    misbehave("redirect-content");
    expect_saved_by(make_at_openai({"--allow-private"}));
    bool arrived = false;
    const Json seen = journal();
    for (const Json& request : seen.at("requests")) {
        if (request.at("target").get<std::string>().starts_with("/files/")) {
            arrived = true;
            EXPECT_EQ(request.at("headers").dump().find("Authorization"), std::string::npos);
        }
    }
    EXPECT_TRUE(arrived);
}

TEST_F(VideoFaultTest, AJobOfFalClientIsCollectedLater) {
    const std::string input = R"({"prompt":"p","video_url":"clip.mp4"})";
    misbehave("never-finishes");
    expect_told(call("fal_client", {"submit", kEditModel, input, "--wait", "--timeout", "1"}));
    ASSERT_EQ(kept_jobs().size(), 1U);
    behave();
    misbehave("drop-mid-body@GET /files/*");
    expect_told(call("fal_client", {"collect", "--out-dir", "videos"}));
    expect_nothing_saved();
    behave();
    expect_saved_by(call("fal_client", {"collect", "--out-dir", "videos"}));
    EXPECT_TRUE(content_of(file(files_in("videos").front())) == clip_);
    EXPECT_EQ(submits(), 1U);
}

/// Jobs that take longer than the command lives.
class SlowVideoFaultTest : public VideoFaultTest {
protected:
    SlowVideoFaultTest() : VideoFaultTest("3") {}

    void expect_survives(const char* signal, const Arguments& request) {
        Arguments arguments{"--prompt", "p", "--out-dir", "videos", "--poll-interval", "0.1"};
        arguments.insert(arguments.end(), request.begin(), request.end());
        const ProcessResult result = signalled(signal, "1.5", "generate_video", arguments);
        EXPECT_NE(result.exit_code, 0);
        expect_nothing_saved();
        ASSERT_EQ(kept_jobs().size(), 1U) << result.err;
        expect_saved_by(resume());
        EXPECT_EQ(submits(), 1U);
        EXPECT_EQ(kept_jobs().size(), 0U);
    }
};

TEST_F(SlowVideoFaultTest, AKilledCommandLosesNoJobOfFal) {
    expect_survives("KILL", {"--provider", "fal", "--model", kEditModel, "--video", "clip.mp4"});
}

TEST_F(SlowVideoFaultTest, AKilledCommandLosesNoJobOfOpenAi) {
    expect_survives("KILL", {"--provider", "openai", "--model", "any", "--size", "64x48"});
}

TEST_F(SlowVideoFaultTest, AnInterruptedCommandLosesNoJob) {
    expect_survives("INT", {"--provider", "fal", "--model", kEditModel, "--video", "clip.mp4"});
}

}  // namespace
}  // namespace editprep::testing
