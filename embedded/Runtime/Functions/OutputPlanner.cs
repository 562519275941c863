using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Serverless.Embedded.Runtime.Functions;

/// <summary>Plans a function's outputs: attributes on the method mean its result, attributes on properties mean parts of it.</summary>
internal static class OutputPlanner
{
    public static IReadOnlyList<OutputPlan> Plan(
        string function, MethodInfo method, IReadOnlyList<IOutputKind> kinds, ICollection<string> problems)
    {
        var plans = new List<OutputPlan>();
        foreach (var attribute in method.GetCustomAttributes<OutputBindingAttribute>())
            Add(attribute, "$return", value => value);
        foreach (var property in Result(method.ReturnType).GetProperties())
            foreach (var attribute in property.GetCustomAttributes<OutputBindingAttribute>())
                if (attribute is not HttpResultAttribute)
                    Add(attribute, property.Name, property.GetValue);
        return plans;

        void Add(OutputBindingAttribute attribute, string name, Func<object, object?> read)
        {
            var place = $"function '{function}', output '{name}'";
            if (kinds.Select(kind => kind.Plan(attribute, place)).FirstOrDefault(found => found is not null) is { } planned)
                plans.Add(new OutputPlan(name, planned.Type, read, planned.Write));
            else
                problems.Add($"{place}: {attribute.GetType().Name} is not supported by the embedded host");
        }
    }

    /// <summary>What the caller of an asynchronous or plain method gets.</summary>
    public static Type Result(Type returned) =>
        returned.IsGenericType && (returned.GetGenericTypeDefinition() == typeof(Task<>) || returned.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? returned.GetGenericArguments()[0]
            : returned;
}
