using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport.Bootstrap;
using Serverless.Embedded.Runtime.Lambda;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// Runs a handler: against a Lambda Runtime API where one is named, else against the S3 server of this machine, through the
/// embedded runtime.
/// </summary>
public class LambdaBootstrap : IDisposable
{
    private const string RuntimeApiVariable = "AWS_LAMBDA_RUNTIME_API";

    private readonly HttpClient _httpClient;
    private readonly LambdaBootstrapHandler _handler;
    private readonly LambdaBootstrapOptions _options;
    private readonly LambdaBootstrapInitializer _initializer;

    public LambdaBootstrap(HandlerWrapper handlerWrapper, LambdaBootstrapInitializer initializer = null)
        : this(ConstructHttpClient(), handlerWrapper.Handler, new(), initializer)
    {
    }

    public LambdaBootstrap(LambdaBootstrapHandler handler, LambdaBootstrapInitializer initializer = null)
        : this(ConstructHttpClient(), handler, new(), initializer)
    {
    }

    public LambdaBootstrap(HandlerWrapper handlerWrapper, LambdaBootstrapOptions lambdaBootstrapOptions, LambdaBootstrapInitializer initializer = null)
        : this(ConstructHttpClient(), handlerWrapper.Handler, lambdaBootstrapOptions, initializer)
    {
    }

    public LambdaBootstrap(LambdaBootstrapHandler handler, LambdaBootstrapOptions lambdaBootstrapOptions, LambdaBootstrapInitializer initializer = null)
        : this(ConstructHttpClient(), handler, lambdaBootstrapOptions, initializer)
    {
    }

    public LambdaBootstrap(HttpClient httpClient, HandlerWrapper handlerWrapper, LambdaBootstrapInitializer initializer = null)
        : this(httpClient, handlerWrapper.Handler, new(), initializer)
    {
    }

    public LambdaBootstrap(
        HttpClient httpClient, HandlerWrapper handlerWrapper, LambdaBootstrapOptions lambdaBootstrapOptions, LambdaBootstrapInitializer initializer = null)
        : this(httpClient, handlerWrapper.Handler, lambdaBootstrapOptions, initializer)
    {
    }

    private LambdaBootstrap(HttpClient httpClient, LambdaBootstrapHandler handler, LambdaBootstrapOptions options, LambdaBootstrapInitializer initializer)
    {
        _httpClient = httpClient;
        _handler = handler;
        _options = options;
        _initializer = initializer;
    }

    /// <summary>Without a time limit: asking for the next invocation waits until there is one.</summary>
    public static HttpClient ConstructHttpClient() => new() { Timeout = Timeout.InfiniteTimeSpan };

    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        string endpoint = _options.RuntimeApiEndpoint ?? Environment.GetEnvironmentVariable(RuntimeApiVariable);
        RuntimeApiLoop api = string.IsNullOrEmpty(endpoint) ? null : new(_httpClient, endpoint, InvokeAsync, TimeProvider.System);
        if (!await InitializeAsync(api, cancellationToken))
            return;
        await (api is null ? LambdaHost.RunAsync(InvokeAsync, cancellationToken) : api.RunAsync(cancellationToken));
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _httpClient.Dispose();
    }

    private async Task<bool> InitializeAsync(RuntimeApiLoop api, CancellationToken cancellationToken)
    {
        try
        {
            return _initializer is null || await _initializer();
        }
        catch (Exception e) when (api is not null)
        {
            await api.ReportInitializationErrorAsync(e, cancellationToken);
            throw;
        }
    }

    private async Task<ReadOnlyMemory<byte>> InvokeAsync(byte[] payload, ILambdaContext context)
    {
        using InvocationRequest request = new(new MemoryStream(payload, 0, payload.Length, writable: false, publiclyVisible: true), context);
        InvocationResponse response = await _handler(request);
        if (response?.OutputStream is not { } output)
            return default;
        try
        {
            if (output is not MemoryStream bytes)
            {
                bytes = new();
                await output.CopyToAsync(bytes);
            }
            return bytes.ToArray();
        }
        finally
        {
            if (response.DisposeOutputStream)
                await output.DisposeAsync();
        }
    }
}
