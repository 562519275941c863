using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Orchestrations;

/// <summary>Plans orchestrators. <see cref="DurableHost"/> runs them; a parameter without attribute is the input.</summary>
internal sealed class OrchestrationTriggerKind : ITriggerKind
{
    private static readonly MethodInfo GetInput = typeof(TaskOrchestrationContext).GetMethod(nameof(TaskOrchestrationContext.GetInput))!;

    public TriggerPlan? Plan(TriggerBindingAttribute attribute, ParameterSite site)
    {
        if (attribute is not OrchestrationTriggerAttribute)
            return null;
        if (site.Type != typeof(TaskOrchestrationContext))
            site.Reject($"an orchestrator's trigger is a TaskOrchestrationContext, not {site.Type.Name}");
        return new TriggerPlan("orchestrationTrigger", context => new(context.TriggerValue), new HashSet<string>()) { FurtherParameter = Input };
    }

    private static ParameterBinding Input(Type type, ParameterSite site)
    {
        var read = GetInput.MakeGenericMethod(type);
        return context => new(read.Invoke(context.TriggerValue, null));
    }
}
