using Microsoft.Azure.WebJobs.Description;
using Microsoft.Azure.WebJobs.Host.Config;

namespace Serverless.Local.Host.Timers;

/// <summary>Adds the timer trigger to the job host.</summary>
[Extension("Timers")]
internal sealed class TimersExtension(TimerBindingProvider provider) : IExtensionConfigProvider
{
    public void Initialize(ExtensionConfigContext context) => context.AddBindingRule<TimerTriggerAttribute>().BindToTrigger(provider);
}
