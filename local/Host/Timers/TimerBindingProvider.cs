using System.Reflection;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Triggers;
using Microsoft.Extensions.Logging;

namespace Serverless.Local.Host.Timers;

/// <summary>Binds parameters that carry a <see cref="TimerTriggerAttribute"/>; %settings% in the schedule are looked up here.</summary>
internal sealed class TimerBindingProvider(INameResolver settings, TimerStatusStore store, TimeProvider time, ILoggerFactory loggers)
    : ITriggerBindingProvider
{
    public Task<ITriggerBinding?> TryCreateAsync(TriggerBindingProviderContext context)
    {
        if (context.Parameter.GetCustomAttribute<TimerTriggerAttribute>() is not { } trigger)
        {
            return Task.FromResult<ITriggerBinding?>(null);
        }
        TimerSchedule schedule = TimerSchedule.Parse(settings.ResolveWholeString(trigger.Schedule));
        ILogger logger = loggers.CreateLogger("Host.Triggers.Timer");
        TimerBinding binding = new(context.Parameter.Name!, (executor, function) =>
            new TimerListener(trigger, schedule, function, executor, store, time, logger)
        );
        return Task.FromResult<ITriggerBinding?>(binding);
    }
}
