using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.Runtime.Durable;
using Serverless.Embedded.Runtime.Functions;

namespace Serverless.Embedded.Runtime.Orchestrations;

/// <summary>Gives functions the client of the engine in this process.</summary>
internal sealed class DurableClientKind : IInputKind
{
    public ParameterBinding? Plan(InputBindingAttribute attribute, ParameterSite site)
    {
        if (attribute is not DurableClientAttribute)
            return null;
        if (site.Type != typeof(DurableTaskClient))
            site.Reject($"a durable client is a DurableTaskClient, not {site.Type.Name}");
        return context => new(context.InstanceServices.GetRequiredService<DurableEngine>().Client);
    }
}
