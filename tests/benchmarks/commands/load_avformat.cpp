/// What loading libavformat with the libraries that it needs costs.

extern "C" {
#include <libavformat/avformat.h>
}

int main() { return avformat_version() == 0 ? 1 : 0; }
