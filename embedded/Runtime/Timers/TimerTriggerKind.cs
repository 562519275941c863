using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Hosting;

namespace Serverless.Embedded.Runtime.Timers;

/// <summary>Plans functions that run on a schedule.</summary>
internal sealed class TimerTriggerKind(Settings settings) : ITriggerKind
{
    public TriggerPlan? Plan(TriggerBindingAttribute attribute, ParameterSite site)
    {
        if (attribute is not TimerTriggerAttribute trigger)
            return null;
        if (site.Type != typeof(TimerInfo) && site.Type != typeof(object))
            site.Reject($"a timer's parameter is a TimerInfo, not {site.Type.Name}");
        var schedule = TimerSchedule.Parse(settings.Resolve(trigger.Schedule, site.Place), out var fault);
        if (schedule is null)
            site.Reject(fault!);
        return new TriggerPlan("timerTrigger", context => new(context.TriggerValue), new HashSet<string>())
        {
            Listen = (function, services) => ActivatorUtilities.CreateInstance<TimerListener>(services, function, trigger, schedule!),
        };
    }
}
