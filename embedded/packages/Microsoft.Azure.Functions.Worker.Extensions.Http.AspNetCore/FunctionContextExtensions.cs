using Microsoft.AspNetCore.Http;
using Serverless.Embedded.Runtime.Http;

namespace Microsoft.Azure.Functions.Worker;

public static class FunctionContextExtensions
{
    /// <summary>The request behind an HTTP invocation; null for any other trigger.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context) =>
        context.Items.TryGetValue(AspNetCoreIntegration.ItemKey, out var http) ? (HttpContext)http : null;
}
