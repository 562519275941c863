using System.Text.Json;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Bindings;
using Microsoft.Azure.WebJobs.Host.Executors;
using Microsoft.Azure.WebJobs.Host.Listeners;
using Microsoft.Azure.WebJobs.Host.Protocols;
using Microsoft.Azure.WebJobs.Host.Triggers;

namespace Serverless.Local.Host.Timers;

/// <summary>A timer's trigger: the function is given the tick as JSON.</summary>
[SupportsRetry]
internal sealed class TimerBinding(string parameter, Func<ITriggeredFunctionExecutor, string, IListener> listen) : ITriggerBinding
{
    public Type TriggerValueType => typeof(TimerTick);

    public IReadOnlyDictionary<string, Type> BindingDataContract { get; } = new Dictionary<string, Type>();

    public Task<ITriggerData> BindAsync(object value, ValueBindingContext context)
    {
        // Started by hand, the value is whatever text was sent.
        TimerTick tick = value as TimerTick ?? new TimerTick(null, IsPastDue: false);
        return Task.FromResult<ITriggerData>(new TriggerData(new TickProvider(tick), new Dictionary<string, object>()));
    }

    public Task<IListener> CreateListenerAsync(ListenerFactoryContext context) =>
        Task.FromResult(listen(context.Executor, context.Descriptor.LogName));

    public ParameterDescriptor ToParameterDescriptor() => new TriggerParameterDescriptor { Name = parameter, Type = "TimerTrigger" };

    private sealed class TickProvider(TimerTick tick) : IValueProvider
    {
        public Type Type => typeof(string);

        public Task<object> GetValueAsync() => Task.FromResult<object>(JsonSerializer.Serialize(tick));

        public string ToInvokeString() => tick.IsPastDue ? "past due" : "on schedule";
    }
}
