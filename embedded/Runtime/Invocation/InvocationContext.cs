using System.Collections;
using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.Runtime.Functions;

namespace Serverless.Embedded.Runtime.Invocation;

/// <summary>The context of one invocation; lives as long as it and belongs to one flow of execution.</summary>
internal sealed class InvocationContext(
    FunctionModel function, TriggerEvent trigger, string invocationId, int retryCount, IServiceProvider services, CancellationToken cancellationToken)
    : FunctionContext
{
    public FunctionModel Function { get; } = function;

    /// <summary>What the trigger delivered, in the trigger's own type.</summary>
    public object? TriggerValue { get; } = trigger.Value;

    public object? Result
    {
        get => Cell.Value;
        set => Cell.Value = value;
    }

    public override string InvocationId { get; } = invocationId;

    public override string FunctionId => FunctionDefinition.Id;

    public override FunctionDefinition FunctionDefinition => Function.Definition;

    public override TraceContext TraceContext { get; } = new Trace(Activity.Current);

    public override BindingContext BindingContext { get; } = new Data(trigger.BindingData);

    public override RetryContext RetryContext { get; } = new Retry(retryCount, trigger.MaxRetryCount ?? function.Retry?.MaxRetryCount ?? 0);

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features { get; } = new FeatureMap(new InvocationResultCell());

    public override CancellationToken CancellationToken { get; } = cancellationToken;

    private InvocationResultCell Cell => Features.Get<InvocationResultCell>()!;

    private sealed class Data(IReadOnlyDictionary<string, object?> values) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } = values;
    }

    private sealed class Retry(int count, int max) : RetryContext
    {
        public override int RetryCount { get; } = count;

        public override int MaxRetryCount { get; } = max;
    }

    private sealed class Trace(Activity? activity) : TraceContext
    {
        public override string TraceParent { get; } = activity?.Id ?? "";

        public override string TraceState { get; } = activity?.TraceStateString ?? "";
    }

    private sealed class FeatureMap : IInvocationFeatures
    {
        private readonly Dictionary<Type, object> _features = [];

        public FeatureMap(InvocationResultCell result) => Set(result);

        public void Set<T>(T instance) => _features[typeof(T)] = instance!;

        public T? Get<T>() => _features.TryGetValue(typeof(T), out var feature) ? (T)feature : default;

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
