// The kernels table is declared here.
