using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Embedded.Runtime.Invocation;

/// <summary>Fills a parameter through the <see cref="IInputConverter"/> that an attribute names.</summary>
internal sealed class ConverterBinding(Type converterType, ParameterInfo parameter)
{
    private readonly ObjectFactory _create = ActivatorUtilities.CreateFactory(converterType, []);

    public async ValueTask<object?> BindAsync(InvocationContext context)
    {
        var converter = (IInputConverter)_create(context.InstanceServices, []);
        var result = await converter.ConvertAsync(new Context(context, parameter.ParameterType));
        return result.Status switch
        {
            ConversionStatus.Succeeded => result.Value,
            _ when parameter.HasDefaultValue => parameter.DefaultValue,
            _ => throw new FunctionInputConverterException(
                $"Function '{context.Function}': {converterType.Name} did not fill '{parameter.Name}' of type {parameter.ParameterType.Name}.", result.Error),
        };
    }

    private sealed class Context(InvocationContext invocation, Type targetType) : ConverterContext
    {
        public override Type TargetType => targetType;

        public override object? Source => invocation.TriggerValue;

        public override FunctionContext FunctionContext => invocation;

        public override IReadOnlyDictionary<string, object> Properties => ImmutableDictionary<string, object>.Empty;
    }
}
