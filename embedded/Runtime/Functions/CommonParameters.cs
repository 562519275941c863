using System.Reflection;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Functions;

/// <summary>Parameters that every trigger offers: the context, its token, input converters, and binding data by name.</summary>
internal static class CommonParameters
{
    public static ParameterBinding? Plan(TriggerPlan plan, ParameterSite site)
    {
        if (site.Type == typeof(FunctionContext))
            return context => new(context);
        if (site.Type == typeof(CancellationToken))
            return context => new(context.CancellationToken);
        if (plan.FurtherParameter?.Invoke(site.Type, site) is { } further)
            return further;
        var converter = site.Parameter.GetCustomAttribute<InputConverterAttribute>() ?? site.Type.GetCustomAttribute<InputConverterAttribute>();
        if (converter is not null)
            return new ConverterBinding(converter.ConverterType, site.Parameter).BindAsync;

        // ASP.NET Core's [FromRoute] and [FromQuery] may give another name; both kinds of value are binding data here.
        var name = site.Parameter.GetCustomAttributes().OfType<IModelNameProvider>().FirstOrDefault()?.Name ?? site.Parameter.Name!;
        if (BindingValue.CanConvert(site.Type) && (plan.HasOpenBindingData || plan.BindingNames.Contains(name) || site.Parameter.HasDefaultValue))
            return context => new(BindingValue.Read(context, name, site.Parameter));

        var known = plan.BindingNames.Count == 0 ? "" : $" (known here: {string.Join(", ", plan.BindingNames.Order(StringComparer.Ordinal))})";
        site.Reject($"nothing fills a parameter of type {site.Type.Name} and name '{name}'{known}");
        return null;
    }
}
