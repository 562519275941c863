using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Functions;

namespace Serverless.Embedded.Runtime.Invocation;

/// <summary>Runs functions: a scope each, through the app's middleware, within the time limit, logged with its duration. Thread-safe.</summary>
internal sealed class FunctionRunner(
    IServiceScopeFactory scopes,
    IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware,
    TimeSpan? timeout,
    TimeProvider time,
    ILoggerFactory loggers) : IDisposable
{
    private static readonly ActivitySource Source = new("Microsoft.Azure.Functions.Worker");

    private readonly FunctionExecutionDelegate _pipeline = Chain(middleware);
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Runs the function, with its own retries where it declares some; throws what its last attempt threw.</summary>
    public async Task RunAsync(FunctionModel function, TriggerEvent trigger, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        for (var retry = trigger.RetryCount; ; retry++)
        {
            try
            {
                await RunOnceAsync(function, trigger, retry, linked.Token);
                return;
            }
            catch (Exception) when (MayRetry(function.Retry, retry + 1) && !linked.IsCancellationRequested)
            {
                await Task.Delay(function.Retry!.DelayBefore(retry + 1), time, linked.Token);
            }
        }
    }

    /// <summary>
    /// Runs an orchestrator for the durable engine and returns its result. It may be suspended for days and then dropped, so it has
    /// no time limit; its turns are logged by the engine.
    /// </summary>
    public async Task<object?> RunOrchestratorAsync(FunctionModel function, TriggerEvent trigger)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = new InvocationContext(function, trigger, NewId(), retryCount: 0, scope.ServiceProvider, CancellationToken.None);
        await _pipeline(context);
        return context.Result;
    }

    /// <summary>Cancels the token of every running invocation once the time is over; part of a graceful stop.</summary>
    public void CancelAfter(TimeSpan grace) => _stop.CancelAfter(grace);

    public void Dispose() => _stop.Dispose();

    private async Task RunOnceAsync(FunctionModel function, TriggerEvent trigger, int retry, CancellationToken cancellationToken)
    {
        using var limit = timeout is { } span ? new CancellationTokenSource(span, time) : null;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit?.Token ?? default);
        using var activity = trigger.TraceParent is { } parent
            ? Source.StartActivity($"function {function.Name}", ActivityKind.Internal, parent)
            : Source.StartActivity($"function {function.Name}");
        await using var scope = scopes.CreateAsyncScope();
        var id = NewId();
        var context = new InvocationContext(function, trigger, id, retry, scope.ServiceProvider, linked.Token);
        var logger = _loggers.GetOrAdd(function.Name, name => loggers.CreateLogger($"Function.{name}"));
        var started = time.GetTimestamp();
        Log.Executing(logger, function.Name, trigger.Reason, id);
        try
        {
            trigger.Prepare?.Invoke(context);
            await _pipeline(context);
            if (trigger.Complete is { } complete)
                await complete(context);
            Log.Succeeded(logger, function.Name, id, time.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            if (linked.IsCancellationRequested && exception is OperationCanceledException)
                Log.Cancelled(logger, function.Name, id, time.GetElapsedTime(started).TotalMilliseconds);
            else if (exception is FunctionInputConverterException)
                Log.Rejected(logger, function.Name, id, exception.Message);
            else
                Log.Failed(logger, exception, function.Name, id, time.GetElapsedTime(started).TotalMilliseconds);
            if (limit is { IsCancellationRequested: true } && exception is OperationCanceledException)
                throw new TimeoutException($"Function '{function.Name}' ran longer than functionTimeout {timeout} allows.", exception);
            throw;
        }
    }

    private string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString();

    private static bool MayRetry(RetryPlan? plan, int next) => plan is not null && (plan.MaxRetryCount < 0 || next <= plan.MaxRetryCount);

    private static FunctionExecutionDelegate Chain(IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        var calls = new ConcurrentDictionary<FunctionModel, FunctionCall>(ReferenceEqualityComparer.Instance);
        FunctionExecutionDelegate pipeline = context => Call((InvocationContext)context);
        foreach (var wrap in middleware.Reverse())
            pipeline = wrap(pipeline);
        return pipeline;

        Task Call(InvocationContext context) => calls.GetOrAdd(context.Function, function => new FunctionCall(function)).RunAsync(context);
    }
}
