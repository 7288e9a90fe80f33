#include "tools/remote/progress_line.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <thread>

#include "remote_support.hpp"

namespace editprep::tools {
namespace {

/// Puts something else in the place of this process's stderr for a while.
class StderrIs {
public:
    explicit StderrIs(int descriptor) : before_(::dup(STDERR_FILENO)) {
        ::dup2(descriptor, STDERR_FILENO);
        ::close(descriptor);
    }
    ~StderrIs() {
        ::dup2(before_, STDERR_FILENO);
        ::close(before_);
    }
    StderrIs(const StderrIs&) = delete;
    StderrIs& operator=(const StderrIs&) = delete;

private:
    int before_;
};

/// The master side stays open as long as this lives.
class Terminal {
public:
    Terminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY)) {
        ::grantpt(master_);
        ::unlockpt(master_);
    }
    ~Terminal() { ::close(master_); }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    [[nodiscard]] int open() const { return ::open(::ptsname(master_), O_RDWR | O_NOCTTY); }

private:
    int master_;
};

TEST(ProgressLine, IsSilentWhereStderrIsNoTerminal) {
    const StderrIs nowhere(::open("/dev/null", O_WRONLY));
    Printed printed;
    const Context context = printed.context();
    {
        ProgressLine line(context, /*quiet=*/false);
        line.show("waiting");
        EXPECT_FALSE(line.bytes("sending"));
    }
    EXPECT_EQ(printed.err, "");
}

TEST(ProgressLine, WritesOverItselfOnATerminal) {
    const Terminal terminal;
    const StderrIs shown(terminal.open());
    Printed printed;
    const Context context = printed.context();
    ProgressLine line(context, /*quiet=*/false);
    line.show("IN_QUEUE");
    EXPECT_EQ(printed.err, "\rIN_QUEUE");
    line.show("too soon");
    EXPECT_EQ(printed.err, "\rIN_QUEUE");
    std::this_thread::sleep_for(std::chrono::milliseconds(110));
    line.show("DONE");
    EXPECT_EQ(printed.err, "\rIN_QUEUE\rDONE    ");
    line.clear();
    EXPECT_EQ(printed.err, "\rIN_QUEUE\rDONE    \r    \r");
}

TEST(ProgressLine, ShowsBytesAndStaysOneShortLine) {
    const Terminal terminal;
    const StderrIs shown(terminal.open());
    Printed printed;
    const Context context = printed.context();
    {
        ProgressLine line(context, /*quiet=*/false);
        line.bytes("sending")({.sent_bytes = 12'340'000, .expected_bytes = 45'600'000});
        EXPECT_EQ(printed.err, "\rsending 12.3 of 45.6 MB");
        line.clear();
        printed.err.clear();
        line.show("a\nb" + std::string(200, 'x'));
        EXPECT_EQ(printed.err.find('\n'), std::string::npos);
        EXPECT_EQ(printed.err.size(), 80U);
    }
    EXPECT_TRUE(printed.err.ends_with(" \r"));
}

TEST(ProgressLine, IsSilentWhenToldSo) {
    const Terminal terminal;
    const StderrIs shown(terminal.open());
    Printed printed;
    const Context context = printed.context();
    ProgressLine(context, /*quiet=*/true).show("waiting");
    EXPECT_EQ(printed.err, "");
}

TEST(ProgressLine, IsSilentWhereOthersWriteToTheTerminal) {
    const Terminal terminal;
    const StderrIs shown(terminal.open());
    Printed printed;
    Context context = printed.context();
    context.interactive = false;
    ProgressLine(context, /*quiet=*/false).show("waiting");
    EXPECT_EQ(printed.err, "");
}

}  // namespace
}  // namespace editprep::tools
