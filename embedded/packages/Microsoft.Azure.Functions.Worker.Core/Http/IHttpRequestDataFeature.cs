namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>Gives middleware the request of an HTTP invocation.</summary>
public interface IHttpRequestDataFeature
{
    ValueTask<HttpRequestData?> GetHttpRequestDataAsync(FunctionContext context);
}
