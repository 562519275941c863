using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Embedded.Runtime.Functions;

internal sealed class EmbeddedFunctionDefinition(
    string name, MethodInfo method, IEnumerable<EmbeddedBindingMetadata> bindings) : FunctionDefinition
{
    private readonly EmbeddedBindingMetadata[] _bindings = [.. bindings];

    public override string Name { get; } = name;

    public override string Id { get; } = $"Host.Functions.{name}";

    public override string EntryPoint { get; } = $"{method.DeclaringType!.FullName}.{method.Name}";

    public override string PathToAssembly { get; } = method.DeclaringType!.Assembly.Location;

    public override ImmutableArray<FunctionParameter> Parameters { get; } =
        [.. method.GetParameters().Select(p => new FunctionParameter(p.Name!, p.ParameterType, p.HasDefaultValue, p.HasDefaultValue ? p.DefaultValue : null))];

    public override IImmutableDictionary<string, BindingMetadata> InputBindings => Of(BindingDirection.In);

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings => Of(BindingDirection.Out);

    private ImmutableDictionary<string, BindingMetadata> Of(BindingDirection direction) =>
        _bindings.Where(binding => binding.Direction == direction).ToImmutableDictionary(binding => binding.Name, BindingMetadata (binding) => binding);
}

internal sealed class EmbeddedBindingMetadata(string name, string type, BindingDirection direction) : BindingMetadata
{
    public override string Name { get; } = name;

    public override string Type { get; } = type;

    public override BindingDirection Direction { get; } = direction;
}
