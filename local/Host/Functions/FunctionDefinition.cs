using Microsoft.Azure.WebJobs;
using Serverless.Local.Host.Worker.Messages;

namespace Serverless.Local.Host.Functions;

/// <summary>A function of the app: what starts it, what it is given, what becomes of its results.</summary>
internal sealed record FunctionDefinition(
    string Id,
    string Name,
    string EntryPoint,
    FunctionBinding Trigger,
    IReadOnlyList<FunctionBinding> Inputs,
    IReadOnlyList<FunctionBinding> Outputs,
    RetryAttribute? Retry
)
{
    public static FunctionDefinition From(RpcFunctionMetadata metadata)
    {
        FunctionBinding[] bindings = [.. metadata.RawBindings.Select(FunctionBinding.Parse)];
        FunctionBinding trigger = bindings.FirstOrDefault(binding => binding.IsTrigger)
            ?? throw new HostStartException($"The function '{metadata.Name}' has no trigger among its {bindings.Length} bindings.");
        return new FunctionDefinition(
            metadata.FunctionId,
            metadata.Name,
            metadata.EntryPoint,
            trigger,
            [.. bindings.Where(binding => !binding.IsTrigger && !binding.IsOutput)],
            [.. bindings.Where(binding => binding.IsOutput && !binding.Type.Equals("http", StringComparison.OrdinalIgnoreCase))],
            RetryOf(metadata.RetryOptions)
        );
    }

    /// <summary>The policy as the WebJobs SDK applies it, for the triggers that it says support one.</summary>
    internal static RetryAttribute? RetryOf(RpcRetryOptions? options) =>
        options switch
        {
            null => null,
            { RetryStrategy: RpcRetryOptions.Types.RetryStrategy.FixedDelay } => new FixedDelayRetryAttribute(
                options.MaxRetryCount,
                $"{options.DelayInterval.ToTimeSpan():c}"
            ),
            _ => new ExponentialBackoffRetryAttribute(
                options.MaxRetryCount,
                $"{options.MinimumInterval.ToTimeSpan():c}",
                $"{options.MaximumInterval.ToTimeSpan():c}"
            ),
        };
}
