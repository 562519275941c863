using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Unit.Orchestrations.Running;

namespace Serverless.Unit.Functions.Azure;

/// <summary>Registers orchestrators and activities with a runner, by the attributes that the Functions host reads.</summary>
internal static class DurableFunctions
{
    public static void AddFunctions(this OrchestrationRunner runner, IEnumerable<Type> types, IServiceProvider services)
    {
        foreach (MethodInfo method in types.SelectMany(type => type.GetMethods()))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { } function)
            {
                continue;
            }
            if (Has<OrchestrationTriggerAttribute>(method))
            {
                AddOrchestrator(runner.Registry, function.Name, method);
            }
            else if (Has<ActivityTriggerAttribute>(method))
            {
                runner.Registry.AddActivity(function.Name, (invocation, cancellationToken) =>
                    RunAsync(runner, method, invocation, services, cancellationToken)
                );
            }
        }
    }

    private static bool Has<T>(MethodInfo method)
        where T : Attribute => method.GetParameters().Any(parameter => parameter.GetCustomAttribute<T>() is not null);

    private static void AddOrchestrator(OrchestrationRegistry registry, string name, MethodInfo method)
    {
        Type[] types = [method.GetParameters()[1].ParameterType, method.ReturnType.GenericTypeArguments[0]];
        Delegate code = method.CreateDelegate(
            typeof(Func<,,>).MakeGenericType(typeof(TaskOrchestrationContext), types[0], method.ReturnType)
        );
        typeof(OrchestrationRegistry)
            .GetMethod(nameof(OrchestrationRegistry.AddOrchestrator))!
            .MakeGenericMethod(types)
            .Invoke(registry, [name, code]);
    }

    private static async Task<string?> RunAsync(
        OrchestrationRunner runner,
        MethodInfo method,
        ActivityInvocation invocation,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        object? instance = method.IsStatic ? null : ActivatorUtilities.CreateInstance(services, method.DeclaringType!);
        object?[] arguments =
        [
            .. method
                .GetParameters()
                .Select(parameter =>
                    parameter.ParameterType == typeof(CancellationToken) ? cancellationToken
                    : parameter.ParameterType == typeof(DurableTaskClient) ? runner.Client
                    : parameter.GetCustomAttribute<ActivityTriggerAttribute>() is null && parameter.Name == "instanceId"
                        ? invocation.InstanceId
                    : invocation.Input is null ? null
                    : JsonDataConverter.Default.Deserialize(invocation.Input, parameter.ParameterType)
                ),
        ];
        return JsonDataConverter.Default.Serialize(await FunctionCall.RunAsync(method, instance, arguments));
    }
}
