#pragma once

#include "tools/fal_client/session.hpp"
#include "tools/shared/run_tool.hpp"

/// One function for each word that fal_client knows. They throw what run_tool understands.
namespace editprep::tools::fal_client {

void check_key(const Words& words, Session& session);

void submit(const Words& words, Session& session);
void run_synchronously(const Words& words, Session& session);

void status(const Words& words, Session& session);
void result(const Words& words, Session& session);
void cancel(const Words& words, Session& session);

void poll(const Words& words, Session& session);
void list(const Words& words, Session& session);
void forget(const Words& words, Session& session);
void collect(const Words& words, Session& session);

void upload(const Words& words, Session& session);
void to_data_uri(const Words& words, Session& session);
void video_to_uri(const Words& words, Session& session);

void models(const Words& words, Session& session);
void model_info(const Words& words, Session& session);
void estimate(const Words& words, Session& session);

}  // namespace editprep::tools::fal_client
