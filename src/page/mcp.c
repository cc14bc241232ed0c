/* /mcp: the Model Context Protocol (rest/mcp). */
#include "rest/call.h"
#include "rest/mcp.h"
#include "rest/page.h"

static const struct page pages[] = {
    {.path = "/mcp",
     .summary = "for AI assistants",
     .lane = LANE_READ,
     .unwrap = mcp_unwrap,
     .handle = mcp_answer},
};

PAGE_FAMILY(mcp, pages);
