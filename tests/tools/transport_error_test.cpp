#include "tools/remote/transport_error.hpp"

#include <gtest/gtest.h>

#include "editprep/transport/error.hpp"

namespace editprep::tools {
namespace {

using transport::Errc;
using transport::Error;

std::string text_of(Errc code, const std::string& next_step) {
    return describe_transport_error(Error(code, "what", "subject", next_step)).value_or("none");
}

TEST(DescribeTransportError, ShowsErrorsOfTheConfigurationAsTheyAre) {
    for (const Errc code :
         {Errc::config_not_found, Errc::invalid_config, Errc::provider_not_found}) {
        EXPECT_EQ(text_of(code, "Config: x\nUse --config"), "what\nConfig: x\nUse --config");
        EXPECT_EQ(text_of(code, ""), "what");
    }
}

TEST(DescribeTransportError, ShowsErrorsOfMediaRetrievalAsTheyAre) {
    for (const Errc code : {Errc::no_media, Errc::invalid_data_uri, Errc::invalid_url}) {
        EXPECT_EQ(text_of(code, ""), "what");
    }
}

TEST(DescribeTransportError, ARequestWithoutAnswerComesWithAdvice) {
    for (const Errc code :
         {Errc::connection_failed, Errc::tls_failed, Errc::connection_lost, Errc::timed_out}) {
        EXPECT_EQ(text_of(code, "Try later"), "request failed: what\nTry later");
        EXPECT_EQ(text_of(code, ""),
                  "request failed: what\nCheck the base URL, the endpoint, the network, the TLS "
                  "certificates and the proxy settings.");
    }
}

TEST(DescribeTransportError, EverythingElseIsOneLine) {
    EXPECT_EQ(text_of(Errc::http_status, ""), "ERROR: what");
    EXPECT_EQ(text_of(Errc::store_failed, "free some space"), "ERROR: what; free some space");
    EXPECT_EQ(text_of(Errc::cancelled, ""), "ERROR: what");
}

TEST(DescribeTransportError, LeavesOtherErrorsAlone) {
    EXPECT_EQ(describe_transport_error(std::runtime_error("x")), std::nullopt);
}

}  // namespace
}  // namespace editprep::tools
