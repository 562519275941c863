using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask.Converters;
using Serverless.Embedded.Runtime.Durable;
using Serverless.Embedded.Runtime.Functions;

namespace Serverless.Embedded.Runtime.Orchestrations;

/// <summary>Plans activities. <see cref="DurableHost"/> runs them; the trigger's own parameter is the input.</summary>
internal sealed class ActivityTriggerKind : ITriggerKind
{
    public const string InstanceId = "instanceId";

    public TriggerPlan? Plan(TriggerBindingAttribute attribute, ParameterSite site) => attribute is ActivityTriggerAttribute
        ? new TriggerPlan(
            "activityTrigger",
            context => new(JsonDataConverter.Default.Deserialize(((ActivityInvocation)context.TriggerValue!).Input, site.Type)),
            new HashSet<string>(StringComparer.OrdinalIgnoreCase) { InstanceId })
        : null;
}
