#include "command_fixture.hpp"

/// Standard output that cannot take the result: a failure, not a success and not a signal.
namespace editprep::testing {
namespace {

struct StreamCase {
    const char* name;
    Output output;
    const char* reason;

    friend void PrintTo(const StreamCase& given, std::ostream* out) { *out << given.name; }
};

const StreamCase kCases[] = {
    {"BrokenPipe", Output::broken_pipe, "Broken pipe"},
    {"FullDevice", Output::full_device, "No space left on device"},
    {"Closed", Output::closed, "Bad file descriptor"},
};

class StreamsTest : public CommandTest, public ::testing::WithParamInterface<StreamCase> {
protected:
    void expect_write_error(const std::string& command, const Arguments& arguments) const {
        SCOPED_TRACE(command);
        ProcessOptions options;
        options.output = GetParam().output;
        expect_failure(run(command, arguments, options),
                       std::string("ERROR: cannot write to standard output: ") + GetParam().reason);
    }
};

TEST_P(StreamsTest, Results) {
    expect_write_error("prepare_object_mask", {"--image", "S1.png"});
    expect_write_error("mask_inpaint", {"--image", "S1.png", "--prompt", "p", "--region",
                                        "rect:0:0:5:5", "--mask-only"});
    expect_write_error("object_select_edit", {"--image", "S1.png", "--prompt", "", "--provider",
                                              "local", "--print-json"});
    expect_write_error("outpaint_image",
                       {"--image", "S1.png", "--expand", "4", "--provider", "local"});
}

TEST_P(StreamsTest, Help) {
    for (const char* command :
         {"prepare_object_mask", "mask_inpaint", "object_select_edit", "outpaint_image"}) {
        expect_write_error(command, {"--help"});
    }
}

INSTANTIATE_TEST_SUITE_P(Outputs, StreamsTest, ::testing::ValuesIn(kCases), CaseName{});

using PlainStreams = CommandTest;

TEST_F(PlainStreams, FilesNeverTakeTheNumberOfAClosedStream) {
    ProcessOptions options;
    options.output = Output::closed;
    static_cast<void>(run("prepare_object_mask", {"--image", "S1.png", "--out", "m.png"}, options));
    EXPECT_EQ(crc32_of(read_png_reference(file("m.png"))), 0x46ce3b63U);
}

TEST_F(PlainStreams, OutToStandardOutput) {
    const ProcessResult result =
        run("prepare_object_mask", {"--image", "S1.png", "--out", "/dev/stdout"});
    expect_success(result);
    EXPECT_TRUE(result.out.starts_with("\x89PNG")) << result.out.substr(0, 8);
    EXPECT_TRUE(result.out.ends_with("/dev/stdout\n"));
}

}  // namespace
}  // namespace editprep::testing
