using Amazon.Lambda.RuntimeSupport.Bootstrap;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Runs a handler for the invocations of the Lambda Runtime API that AWS_LAMBDA_RUNTIME_API names.</summary>
public class LambdaBootstrap : IDisposable
{
    private const string RuntimeApiVariable = "AWS_LAMBDA_RUNTIME_API";

    private readonly HttpClient _httpClient;
    private readonly LambdaBootstrapHandler _handler;
    private readonly LambdaBootstrapOptions _options;
    private readonly LambdaBootstrapInitializer _initializer;

    public LambdaBootstrap(HandlerWrapper handlerWrapper, LambdaBootstrapInitializer initializer = null)
        : this(ConstructHttpClient(), handlerWrapper.Handler, new(), initializer) { }

    public LambdaBootstrap(LambdaBootstrapHandler handler, LambdaBootstrapInitializer initializer = null)
        : this(ConstructHttpClient(), handler, new(), initializer) { }

    public LambdaBootstrap(
        HandlerWrapper handlerWrapper,
        LambdaBootstrapOptions lambdaBootstrapOptions,
        LambdaBootstrapInitializer initializer = null
    )
        : this(ConstructHttpClient(), handlerWrapper.Handler, lambdaBootstrapOptions, initializer) { }

    public LambdaBootstrap(
        LambdaBootstrapHandler handler,
        LambdaBootstrapOptions lambdaBootstrapOptions,
        LambdaBootstrapInitializer initializer = null
    )
        : this(ConstructHttpClient(), handler, lambdaBootstrapOptions, initializer) { }

    public LambdaBootstrap(HttpClient httpClient, HandlerWrapper handlerWrapper, LambdaBootstrapInitializer initializer = null)
        : this(httpClient, handlerWrapper.Handler, new(), initializer) { }

    public LambdaBootstrap(
        HttpClient httpClient,
        HandlerWrapper handlerWrapper,
        LambdaBootstrapOptions lambdaBootstrapOptions,
        LambdaBootstrapInitializer initializer = null
    )
        : this(httpClient, handlerWrapper.Handler, lambdaBootstrapOptions, initializer) { }

    private LambdaBootstrap(
        HttpClient httpClient,
        LambdaBootstrapHandler handler,
        LambdaBootstrapOptions options,
        LambdaBootstrapInitializer initializer
    )
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
        if (string.IsNullOrEmpty(endpoint))
        {
            throw new InvalidOperationException(
                $"{RuntimeApiVariable} is not set: this program is started by AWS Lambda, or by what serves its Runtime API."
            );
        }

        RuntimeApiLoop api = new(_httpClient, endpoint, _handler, TimeProvider.System);
        if (await InitializeAsync(api, cancellationToken))
        {
            await api.RunAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _httpClient.Dispose();
        }
    }

    private async Task<bool> InitializeAsync(RuntimeApiLoop api, CancellationToken cancellationToken)
    {
        try
        {
            return _initializer is null || await _initializer();
        }
        catch (Exception e)
        {
            await api.ReportInitializationErrorAsync(e, cancellationToken);
            throw;
        }
    }
}
