using Microsoft.AspNetCore.Http;
using Serverless.Local.Host.Worker;
using Serverless.Local.Host.Worker.Messages;
using Yarp.ReverseProxy.Forwarder;

namespace Serverless.Local.Host.Http;

/// <summary>Runs an HTTP function: the request goes to the worker's web server, the invocation over the channel.</summary>
internal sealed class WorkerForwarder(IHttpForwarder forwarder) : IDisposable
{
    private const string InvocationIdHeader = "x-ms-invocation-id";

    /// <summary>What the worker may still take to answer a request whose invocation has ended.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    // The function's own timeout bounds a request; none of the forwarder's is shorter.
    private static readonly ForwarderRequestConfig NoTimeout = new() { ActivityTimeout = TimeSpan.FromDays(1) };

    private readonly HttpMessageInvoker _client = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(10),
        }
    );

    public async Task<InvocationResponse> InvokeAsync(
        WorkerSession worker,
        HttpContext context,
        InvocationRequest request,
        CancellationToken cancellationToken
    )
    {
        string address = worker.HttpAddress?.ToString()
            ?? throw new NotSupportedException("The worker serves no HTTP: the app must call ConfigureFunctionsWebApplication.");
        using CancellationTokenSource forwarding = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, worker.Ended);
        ValueTask<ForwarderError> forwarded = forwarder.SendAsync(
            context,
            address,
            _client,
            NoTimeout,
            new InvocationTransformer(request.InvocationId),
            forwarding.Token
        );
        InvocationResponse? response = null;
        try
        {
            response = await worker.InvokeAsync(request, cancellationToken);
        }
        finally
        {
            if (response?.Result?.Status != StatusResult.Types.Status.Success)
            {
                forwarding.CancelAfter(AnswerLimit);
            }
            await forwarded;
        }
        return response;
    }

    public void Dispose() => _client.Dispose();

    private sealed class InvocationTransformer(string invocationId) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext,
            HttpRequestMessage proxyRequest,
            string destinationPrefix,
            CancellationToken cancellationToken
        )
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.Remove(InvocationIdHeader);
            proxyRequest.Headers.Add(InvocationIdHeader, invocationId);
        }
    }
}
