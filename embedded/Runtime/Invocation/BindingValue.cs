using System.ComponentModel;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Embedded.Runtime.Invocation;

/// <summary>Reads a parameter from an invocation's binding data.</summary>
internal static class BindingValue
{
    /// <summary>Whether a text can become this type: strings, numbers, dates, GUIDs, enums and the like.</summary>
    public static bool CanConvert(Type type) =>
        type == typeof(string) || type == typeof(object) || TypeDescriptor.GetConverter(Nullable.GetUnderlyingType(type) ?? type).CanConvertFrom(typeof(string));

    public static object? Read(InvocationContext context, string name, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (!context.BindingContext.BindingData.TryGetValue(name, out var value) || value is null)
            return parameter.HasDefaultValue ? parameter.DefaultValue
                : !type.IsValueType || Nullable.GetUnderlyingType(type) is not null ? null
                : throw new FunctionInputConverterException($"Function '{context.Function}' needs a value for '{name}' and got none.");
        if (type.IsInstanceOfType(value))
            return value;
        var target = Nullable.GetUnderlyingType(type) ?? type;
        try
        {
            return TypeDescriptor.GetConverter(target).ConvertFromInvariantString(value.ToString()!);
        }
        catch (Exception unconvertible) when (unconvertible is FormatException or ArgumentException or OverflowException)
        {
            throw new FunctionInputConverterException($"Function '{context.Function}' expects {target.Name} for '{name}' and got '{value}'.", unconvertible);
        }
    }
}
