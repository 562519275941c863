using System.Reflection;
using Microsoft.Azure.WebJobs;

namespace Serverless.Local.Host.Functions;

/// <summary>Runs functions by hand through the job host, which binds, logs and times them as it does for its listeners.</summary>
internal sealed class JobHostRunner(JobHost jobs, EmittedFunctions emitted)
{
    private readonly Dictionary<string, MethodInfo> _methods = emitted
        .Type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .ToDictionary(method => method.Name);

    /// <summary>False for a function whose bindings this host does not know.</summary>
    public bool Offers(FunctionDefinition function) => _methods.ContainsKey(function.Name);

    public Task CallAsync(FunctionDefinition function, object triggerValue, CancellationToken cancellationToken) =>
        jobs.CallAsync(
            _methods[function.Name],
            new Dictionary<string, object> { [function.Trigger.Name] = triggerValue },
            cancellationToken
        );
}
