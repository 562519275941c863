using Microsoft.Azure.Functions.Worker.Http;

namespace Microsoft.Azure.Functions.Worker;

public static class FunctionContextHttpRequestExtensions
{
    /// <summary>The request of an HTTP invocation; null for any other trigger.</summary>
    public static ValueTask<HttpRequestData?> GetHttpRequestDataAsync(this FunctionContext context) =>
        context.Features.Get<IHttpRequestDataFeature>()?.GetHttpRequestDataAsync(context) ?? default;

    /// <summary>The response that the function returned, where it is of the host's own model.</summary>
    public static HttpResponseData? GetHttpResponseData(this FunctionContext context) =>
        context.Features.Get<InvocationResultCell>()?.Value as HttpResponseData;
}
